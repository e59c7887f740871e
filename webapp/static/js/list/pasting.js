// A range of cells pasted over a list: sent with the cell where it begins, to be looked at before anything is written.

import { all, find, get, isField, make } from "../shared/dom.js";
import { isDialogOpen } from "../shared/keyboard.js";
import { word } from "../shared/words.js";
import { cellInFocus } from "./cell_walk.js";

/** @param {HTMLTableCellElement} cell */
function columnOf(cell) {
  const head = cell.closest("table")?.tHead?.rows[0].cells[cell.cellIndex];
  return head?.dataset.cell ?? head?.dataset.shows;
}

/**
 * The page's rows go with it: which ones are meant is what its reader has seen.
 * @param {HTMLTableElement} table
 * @param {HTMLTableCellElement} cell
 * @param {string} text
 */
function send(table, cell, text) {
  const column = columnOf(cell);
  const row = cell.parentElement && find(HTMLInputElement, "[name=rowid]", cell.parentElement);
  if (!column || !row) return false;
  const hidden = (/** @type {string} */ name, /** @type {string} */ value) =>
    make("input", { type: "hidden", name, value });
  const form = make(
    "form",
    { method: "post", action: word(table, "paste"), hidden: true },
    hidden("csrf_token", get(HTMLInputElement, "[name=csrf_token]").value),
    ...all(HTMLInputElement, "[name=rowid]", table).map(({ value }) => hidden("rowid", value)),
    hidden("paste-row", row.value),
    hidden("paste-column", column),
    hidden("paste-unit", word(table, "cellsUnit")),
    make("textarea", { name: "paste-text", value: text }),
    hidden("bulk-step", "preview"),
  );
  document.body.append(form);
  form.submit();
  return true;
}

/** What is pasted while a cell has the focus begins there. */
export function pasteRanges() {
  const table = find(HTMLTableElement, "[data-paste]");
  if (!table) return;
  document.addEventListener("paste", (event) => {
    const cell = cellInFocus();
    const text = event.clipboardData?.getData("text/plain");
    if (!cell || !text || isField(document.activeElement) || isDialogOpen()) return;
    if (send(table, cell, text)) event.preventDefault();
  });
}
