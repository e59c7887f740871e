// Two people changed one field: keep what was typed, or take what is stored.

import { all, at, find, get, isField } from "../shared/dom.js";
import { word } from "../shared/words.js";
import { inUnit, isFigure, unitOf } from "./units.js";

const KINDS = ["input", "change"];

/**
 * The field that a choice is about, and the name beside it where it is a look-up's key.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function fieldsOf(form, name) {
  const field = get(HTMLElement, `[name="${name}"]`, form);
  if (!isField(field)) throw new TypeError(`${name} is no field`);
  return { field, shown: find(HTMLInputElement, `[name="${name}-name"]`, form) };
}

/**
 * @param {HTMLElement} choice
 * @param {HTMLFormElement} form
 */
function offer(choice, form) {
  const { field, shown } = fieldsOf(form, word(choice, "choice"));
  const shownIn = unitOf(form);
  const theirs = () => ({
    value: isFigure(field) ? inUnit(word(choice, "stored"), shownIn, unitOf(form)) : word(choice, "stored"),
    label: choice.dataset.storedName,
  });
  const typed = () => ({ value: field.value, label: shown?.value });
  let mine = typed();
  const mark = () => {
    const isTheirs = field.value === theirs().value;
    if (!isTheirs) mine = typed();
    for (const button of all(HTMLButtonElement, "button", choice)) {
      button.setAttribute("aria-pressed", String((button.value === "theirs") === isTheirs));
    }
  };
  choice.addEventListener("click", (event) => {
    const button = at(event, "button");
    if (!(button instanceof HTMLButtonElement)) return;
    const detail = button.value === "theirs" ? theirs() : mine;
    if (shown) shown.parentElement?.dispatchEvent(new CustomEvent("choose", { detail }));
    else {
      field.value = detail.value;
      for (const kind of KINDS) field.dispatchEvent(new Event(kind, { bubbles: true }));
    }
  });
  for (const kind of KINDS) field.addEventListener(kind, mark);
  mark();
}

/** @param {HTMLFormElement} form */
export function offerChoices(form) {
  for (const element of all(HTMLElement, "[data-choosing]")) element.hidden = false;
  for (const choice of all(HTMLElement, "[data-choice]")) offer(choice, form);
}
