// Changed fields are marked, say what stood there before, and are counted beside the button. Of a new record nothing
// stood there.

import { all, get, make } from "../shared/dom.js";
import { filled, word } from "../shared/words.js";
import { scaleOf, understood } from "./numbers.js";

/** @import { Field } from "../shared/dom.js" */
/** @import { Typed } from "./typed.js" */

/**
 * @param {Typed} typed
 * @param {Field} field
 */
function before(typed, field) {
  if (field.type === "checkbox") return "";
  const initial = typed.initial(field);
  /** @type {string | undefined} */
  let shown = initial;
  if (field instanceof HTMLSelectElement) {
    shown = [...field.options].find((option) => option.value === initial)?.text;
  } else if (field.dataset.number !== undefined) {
    shown = understood(initial, scaleOf(field)) ?? initial;
  }
  return filled(word(typed.form, "was"), shown || word(typed.form, "blank"));
}

/**
 * @param {HTMLElement} box of a field
 * @param {string | null} sentence
 */
function say(box, sentence) {
  let was = box.querySelector(":scope > .was");
  if (sentence === null) {
    was?.remove();
    return;
  }
  if (!was) {
    was = make("p", { className: "was" });
    box.append(was);
  }
  was.textContent = sentence;
}

/**
 * Show what is changed now, and give it.
 * @param {Typed} typed
 */
export function showChanges(typed) {
  const { changed, form } = typed;
  // The reason is kept like the rest, but it is no field of the record.
  const boxes = new Set(changed.map((field) => field.closest("[data-field]:not(.why)")));
  boxes.delete(null);
  for (const box of all(HTMLElement, "[data-field]", form)) {
    const isChanged = boxes.has(box);
    box.classList.toggle("changed", isChanged);
    const field = changed.find((one) => one.type !== "hidden" && one.closest("[data-field]") === box);
    say(box, isChanged && field && form.dataset.was ? before(typed, field) : null);
  }
  const status = get(HTMLElement, "[data-changes]", form);
  status.textContent = boxes.size ? filled(word(status, "changes"), boxes.size) : "";
  return changed;
}
