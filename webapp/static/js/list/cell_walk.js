// From cell to cell of a list whose cells are edited where they stand.

import { all, find } from "../shared/dom.js";
import { isEditable } from "./editable_cells.js";

/** @type {Record<string, (cell: HTMLTableCellElement) => HTMLTableCellElement | undefined>} */
const WAYS = {
  ArrowLeft: (cell) => inRow(cell, -1),
  ArrowRight: (cell) => inRow(cell, 1),
  ArrowUp: (cell) => below(cell, -1),
  ArrowDown: (cell) => below(cell, 1),
};

/**
 * @param {HTMLTableCellElement[]} cells
 * @param {HTMLTableCellElement} cell
 * @param {number} step
 */
function further(cells, cell, step) {
  const way = step < 0 ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  return (step < 0 ? cells.toReversed() : cells).find((one) => cell.compareDocumentPosition(one) & way);
}

/** @param {ParentNode} root */
const editable = (root) => all(HTMLTableCellElement, "td", root).filter(isEditable);

/**
 * The next cell that can be edited, over the ends of rows; with -1 the one before.
 * @param {HTMLTableCellElement} cell
 * @param {number} step
 */
export const cellFrom = (cell, step) => further(editable(cell.closest("tbody") ?? cell), cell, step);

/**
 * @param {HTMLTableCellElement} cell
 * @param {number} step
 */
const inRow = (cell, step) => further(editable(cell.parentElement ?? cell), cell, step);

/**
 * The cell of the same column, a row below or above.
 * @param {HTMLTableCellElement} cell
 * @param {number} step
 * @returns {HTMLTableCellElement | undefined}
 */
export function below(cell, step) {
  const row = step < 0 ? cell.parentElement?.previousElementSibling : cell.parentElement?.nextElementSibling;
  return row instanceof HTMLTableRowElement ? row.cells[cell.cellIndex] : undefined;
}

/**
 * Bring a cell into sight, also from below the column that stays where it is.
 * @param {HTMLTableCellElement} cell
 */
export function reveal(cell) {
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const table = cell.closest("table");
  const pinned = [...(table?.tHead?.rows[0].cells ?? [])].find(
    (head) => getComputedStyle(head).left !== "auto",
  );
  if (!pinned || cell.cellIndex === pinned.cellIndex) return;
  const hidden = pinned.getBoundingClientRect().right - cell.getBoundingClientRect().left;
  if (hidden > 0 && table?.parentElement) table.parentElement.scrollLeft -= hidden;
}

/** @param {HTMLTableCellElement} cell */
export function focus(cell) {
  cell.tabIndex = -1;
  cell.focus({ preventScroll: true });
  reveal(cell);
}

/** The cell that has the focus, or holds what has it. */
export function cellInFocus() {
  const cell = document.activeElement?.closest("[data-cells] tbody td") ?? null;
  return cell instanceof HTMLTableCellElement ? cell : null;
}

/**
 * Go by an arrow from the cell in focus; whether there is one, so that the arrow is no longer the page's.
 * @param {KeyboardEvent} event
 */
export function walkByArrow({ key, shiftKey }) {
  const cell = cellInFocus();
  if (!cell || shiftKey || !Object.hasOwn(WAYS, key)) return false;
  const next = WAYS[key](cell);
  if (next) focus(next);
  return true;
}

/** The cell that has the focus itself, where Enter leads to no record. */
export const cellToEnter = () => find(HTMLTableCellElement, "[data-cells] tbody td:focus");
