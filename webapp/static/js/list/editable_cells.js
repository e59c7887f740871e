// Cells that may be edited where they stand: marked, and their editor is fetched when it is first wanted.

import { at, find } from "../shared/dom.js";

/**
 * @param {Element | null | undefined} cell
 * @returns {cell is HTMLTableCellElement}
 */
export function isEditable(cell) {
  const heads = find(HTMLTableElement, "[data-cells]")?.tHead?.rows[0].cells;
  return cell instanceof HTMLTableCellElement && heads?.[cell.cellIndex]?.dataset.cell !== undefined;
}

/** @param {HTMLTableRowElement} row */
export function markEditable(row) {
  for (const cell of row.cells) cell.toggleAttribute("data-can", isEditable(cell));
}

/**
 * A cell that had to be cut says the whole of it.
 * @param {PointerEvent} event
 */
function onPointer(event) {
  const cell = at(event, "td");
  if (!cell) return;
  if (isEditable(cell)) cell.dataset.can = "";
  if (!cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent.trim();
}

/** @param {(cell: Element | null) => Promise<void>} edit */
export function editByDoubleClick(edit) {
  const body = find(HTMLTableElement, "[data-cells]")?.tBodies[0];
  body?.addEventListener("dblclick", (event) => edit(at(event, "td")));
  find(HTMLElement, "[data-rows]")?.addEventListener("pointerover", onPointer);
}
