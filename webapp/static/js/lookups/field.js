// The field that one types into: labelled as the input that it stands for, with a button that empties it.

import { all, make } from "../shared/dom.js";
import { word } from "../shared/words.js";

/** @import { Select } from "#tom-select" */

const SAID = ["aria-label", "aria-invalid", "aria-errormessage"];

/**
 * The field is described by its hint, and by what is chosen.
 * @param {Select} select
 * @param {HTMLInputElement} name
 * @param {string} id
 */
export function describe({ control_input: field, items }, name, id) {
  const chosen = items.length ? `${id}-chosen` : "";
  field.setAttribute("aria-describedby", `${name.getAttribute("aria-describedby") ?? ""} ${chosen}`.trim());
}

/**
 * Whatever points to the look-up leads to where one types.
 * @param {Select} select
 * @param {HTMLInputElement} name
 * @param {string} id
 */
function standFor(select, name, id) {
  const { control_input: field, dropdown_content: list } = select;
  for (const label of all(HTMLLabelElement, `label[for="${field.id}"]`)) label.htmlFor = id;
  field.id = id;
  for (const attribute of SAID) {
    const value = name.getAttribute(attribute);
    if (value !== null) field.setAttribute(attribute, value);
  }
  if (name.required) field.setAttribute("aria-required", "true");
  const label = name.getAttribute("aria-label");
  if (label !== null) list.setAttribute("aria-label", label);
  describe(select, name, id);
}

/**
 * @param {Select} select
 * @param {string} label
 */
function clearButton(select, label) {
  const clear = make("button", { type: "button", className: "clear", textContent: "×", tabIndex: -1 });
  clear.setAttribute("aria-label", label);
  clear.addEventListener("click", (event) => {
    event.stopPropagation();
    select.clear();
    select.focus();
  });
  return clear;
}

/**
 * Heeded before tom-select heeds it: it opens with what it has.
 * @param {Select} select
 * @param {HTMLElement} clear
 */
function suggest(select, clear) {
  const { control, control_input: field } = select;
  const ask = () => {
    if (!select.isOpen && !field.value) select.load("");
  };
  /** @param {Event} event */
  const onClick = ({ target }) => {
    if (target !== clear) ask();
  };
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key === "ArrowDown") ask();
    // What stands there then is the answer to something else.
    else if (event.key === "Enter" && select.loading) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  control.addEventListener("click", onClick, { capture: true });
  field.addEventListener("keydown", onKey, { capture: true });
}

/**
 * @param {Select} select
 * @param {{ box: HTMLElement, name: HTMLInputElement, id: string }} lookup
 */
export function prepareField(select, { box, name, id }) {
  const { control, control_input: field, wrapper } = select;
  standFor(select, name, id);
  for (const kind of ["input", "update"]) {
    field.addEventListener(kind, () => wrapper.classList.toggle("typing", field.value !== ""));
  }
  const clear = clearButton(select, word(box, "lookupClear"));
  control.append(clear);
  suggest(select, clear);
  box.addEventListener("choose", (event) => {
    if (!(event instanceof CustomEvent)) return;
    const { value, label } = event.detail;
    if (value) select.addOption({ value, text: label });
    select.setValue(value);
  });
}
