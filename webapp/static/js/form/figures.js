// Amounts of money are typed in the unit that the form's own field names; what is stored is yen.

import { all, find, hiddenInput } from "../shared/dom.js";
import { word } from "../shared/words.js";
import { digitsOf, inUnit } from "./units.js";

/** @param {ParentNode} form */
const figures = (form) => all(HTMLInputElement, "input[data-digits]", form);

/**
 * @param {HTMLFormElement} form
 * @param {HTMLSelectElement} select
 */
function follow(form, select) {
  const input = hiddenInput(form, "figures_unit");
  if (!input || !select.value) return;
  const from = input.value;
  // Of a new record the figures have just been read off a page; of a stored one they are known, and stay what they are.
  const isStored = Boolean(hiddenInput(form, "row_version")?.value);
  input.value = select.value;
  for (const field of figures(form)) {
    if (isStored) field.value = inUnit(field.value, from, select.value);
    const digits = String(digitsOf(select.value));
    field.dataset.digits = digits;
    field.dataset.number = digits;
    field.dataset.unit = select.selectedOptions[0].text;
    const unit = field.closest(".with-unit")?.querySelector(".unit");
    if (unit) unit.textContent = word(field, "unit");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/**
 * The next control of a form that can be seen, or the one before.
 * @param {HTMLInputElement} field
 * @param {number} step
 */
function beside(field, step) {
  const shown = [...(field.form?.elements ?? [])].filter(
    (one) =>
      one instanceof HTMLElement && one.tabIndex >= 0 && one.checkVisibility() && !one.matches("fieldset"),
  );
  return shown[shown.indexOf(field) + step];
}

/**
 * Enter in a figure moves on: half a statement is nothing to save.
 * @param {KeyboardEvent} event
 */
function moveOn(event) {
  const { target } = event;
  if (event.key !== "Enter" || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  if (!(target instanceof HTMLInputElement) || !target.matches("[data-number]")) return;
  event.preventDefault();
  const next = beside(target, event.shiftKey ? -1 : 1);
  if (!(next instanceof HTMLElement)) return;
  next.focus();
  if (next instanceof HTMLInputElement) next.select();
}

/** @param {HTMLFormElement} form */
export function heedFigures(form) {
  form.addEventListener("keydown", moveOn);
  if (!form.dataset.figuresIn) return;
  const select = find(HTMLSelectElement, `select[name="${word(form, "figuresIn")}"]`, form);
  select?.addEventListener("change", () => follow(form, select));
}
