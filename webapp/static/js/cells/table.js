// The list whose cells are edited: which cell is which, where the server has it, and what it shows then.

import { all, find, get, parsed } from "../shared/dom.js";
import { word } from "../shared/words.js";

const MARKED = 1600;

export const table = get(HTMLTableElement, "[data-cells]");
export const heads = [...(table.tHead?.rows[0].cells ?? [])];

/** @typedef {{ said: string, name: string, html: string, version: number, row: Record<string, string> }} Saved */

/** @param {HTMLTableCellElement} head */
const shownName = (head) => head.dataset.cell ?? head.dataset.shows;

/** @param {HTMLTableCellElement | null | undefined} cell */
export const nameOf = (cell) => heads[cell?.cellIndex ?? -1]?.dataset.cell;

/** @param {HTMLTableCellElement} cell */
export const rowOf = (cell) => {
  if (!(cell.parentElement instanceof HTMLTableRowElement)) throw new TypeError("A cell is in no row");
  return cell.parentElement;
};

/** @param {HTMLTableRowElement} row */
const keyOf = (row) =>
  find(HTMLInputElement, "[name=rowid]", row)?.value ??
  new URL(get(HTMLAnchorElement, "[data-edit]", row).href).searchParams.get("id") ??
  "";

/** @param {HTMLTableCellElement} cell */
export function address(cell) {
  const url = new URL(word(table, "cells"), location.href);
  // As this page shows money, whatever another tab has chosen since.
  const unit = word(table, "cellsUnit");
  const asked = {
    id: keyOf(rowOf(cell)),
    name: nameOf(cell) ?? "",
    shown: heads.map(shownName).filter(Boolean).join(","),
    ...(unit && { unit }),
  };
  url.search = new URLSearchParams(asked).toString();
  return url;
}

/**
 * @param {HTMLTableCellElement | undefined} cell
 * @param {string} html
 */
function put(cell, html) {
  if (!cell) return;
  (cell.querySelector("a.name") ?? cell).replaceChildren(...parsed(html).body.childNodes);
  cell.removeAttribute("title");
}

/**
 * What the server says of a row after one of its cells was saved.
 * @param {HTMLTableCellElement} cell
 * @param {Saved} saved
 */
export function show(cell, saved) {
  const row = rowOf(cell);
  // Marked until the page is left, so that one sees where one was, and what others have changed meanwhile.
  if (row.dataset.v !== String(saved.version)) row.classList.add("changed");
  row.dataset.v = String(saved.version);
  put(cell, saved.html);
  for (const [name, html] of Object.entries(saved.row)) {
    put(row.cells[heads.findIndex((head) => shownName(head) === name)], html);
  }
  for (const control of all(HTMLElement, "[aria-label]", row)) {
    // "Edit: name of the record"
    const [what] = (control.getAttribute("aria-label") ?? "").split(": ");
    control.setAttribute("aria-label", `${what}: ${saved.name}`);
  }
  cell.classList.add("saved");
  setTimeout(() => cell.classList.remove("saved"), MARKED);
}
