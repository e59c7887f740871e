// A column of figures pasted into one of them goes on through those below it; with their names beside, each to its own.

import { all } from "../shared/dom.js";
import { plain, understood } from "./numbers.js";

const MOST_DECIMALS = 60;

/** @param {string} text */
const isNumber = (text) => understood(text, MOST_DECIMALS) !== null;

/** @param {string} name */
const key = (name) => plain(name).replace(/\s+/gu, "");

/** @param {HTMLFormElement} form */
const figures = (form) =>
  all(HTMLInputElement, "input[data-number]", form).filter((one) => one.checkVisibility() && !one.readOnly);

/**
 * Which figure each line is of; a blank one leaves its field as it is, and a name that nothing here has leads nowhere.
 * @param {string[]} lines
 * @param {HTMLInputElement} first
 * @param {HTMLFormElement} form
 */
function placed(lines, first, form) {
  const fields = figures(form);
  const rows = lines.map((line) => line.split("\t").map(plain));
  const isNamed = rows.some(([name, ...cells]) => name && !isNumber(name) && cells.some(isNumber));
  if (!isNamed) {
    const below = fields.slice(fields.indexOf(first));
    return rows.map(([cell], place) => ({ field: below[place], cell }));
  }
  const byName = new Map(fields.map((one) => [key(one.labels?.[0]?.textContent ?? ""), one]));
  return rows.map(([name, ...cells]) => ({ field: byName.get(key(name)), cell: cells.find(isNumber) }));
}

/** @param {HTMLFormElement} form */
export function pasteColumns(form) {
  form.addEventListener("paste", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement) || !target.matches("[data-number]")) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const lines = text.replace(/\r\n?/gu, "\n").replace(/\n+$/u, "").split("\n");
    if (lines.length < 2) return;
    event.preventDefault();
    let last = target;
    for (const { field, cell } of placed(lines, target, form)) {
      if (!field || !cell) continue;
      field.value = cell;
      for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
      last = field;
    }
    last.focus();
    last.select();
  });
}
