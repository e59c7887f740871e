// Rows by keyboard and pointer: one of them is where the reader is.

import { all, at, find } from "../shared/dom.js";
import { isDialogOpen, isTyping } from "../shared/keyboard.js";
import { cellInFocus, cellToEnter, focus, walkByArrow } from "./cell_walk.js";
import { isEditable, markEditable } from "./editable_cells.js";
import { look } from "./peek.js";

const TWO_CLICKS = 260;

/** @typedef {(cell: Element | null | undefined) => Promise<void>} Edit */

class Rows {
  #rows = all(HTMLTableRowElement, "[data-rows] tbody tr");
  #here = -1;
  /** @type {number | undefined} */
  #looking;
  #edit;

  /** @param {Edit} edit */
  constructor(edit) {
    this.#edit = edit;
    /** @type {Record<string, () => unknown>} */
    this.onKey = {
      j: () => this.#go(this.#here + 1),
      k: () => this.#go(this.#here - 1),
      x: () => this.#click("[name=rowid]"),
      e: () => this.#click("[data-edit]"),
      p: () => look(this.#row),
      i: () => this.#editCell(),
      F2: () => this.#editCell(),
    };
  }

  get any() {
    return this.#rows.length > 0;
  }

  /** @returns {HTMLTableRowElement | undefined} */
  get #row() {
    return this.#rows[this.#here];
  }

  /** @param {number} index */
  #go(index) {
    this.#row?.removeAttribute("data-here");
    this.#here = Math.max(0, Math.min(this.#rows.length - 1, index));
    const row = this.#rows[this.#here];
    row.setAttribute("data-here", "");
    markEditable(row);
    const focused = find(HTMLElement, "a.name", row) ?? find(HTMLElement, "a, input", row);
    focused?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} selector */
  #click(selector) {
    if (this.#row) find(HTMLElement, selector, this.#row)?.click();
  }

  #editCell() {
    const focused = cellInFocus();
    const row = this.#rows[Math.max(this.#here, 0)];
    return this.#edit(isEditable(focused) ? focused : [...row.cells].find(isEditable));
  }

  /**
   * Arrows lead from cell to cell, and Enter into the one that has the focus; whether the key is one of these.
   * @param {KeyboardEvent} event
   */
  heedCell(event) {
    const cell = event.key === "Enter" ? cellToEnter() : null;
    if (cell) this.#edit(cell);
    return cell !== null || walkByArrow(event);
  }

  /** @param {FocusEvent} event */
  follow(event) {
    const row = at(event, "tbody tr");
    const index = row instanceof HTMLTableRowElement ? this.#rows.indexOf(row) : -1;
    if (index < 0 || index === this.#here) return;
    this.#row?.removeAttribute("data-here");
    this.#here = index;
  }

  /** @param {MouseEvent} event */
  onClick(event) {
    clearTimeout(this.#looking);
    if (at(event, "a, button, input, label") || event.defaultPrevented || String(getSelection())) return;
    const cell = at(event, "td");
    const row = cell?.parentElement;
    if (!(row instanceof HTMLTableRowElement)) return;
    this.#go(this.#rows.indexOf(row));
    if (isEditable(cell)) focus(cell);
    // Two clicks edit the cell.
    if (event.detail < 2) this.#looking = setTimeout(() => look(row), isEditable(cell) ? TWO_CLICKS : 0);
  }
}

/**
 * What an icon does is said where the pointer rests; a hundred of them on a page would each bring it along.
 * @param {PointerEvent} event
 */
function sayIcon(event) {
  const icon = at(event, ".do a:not([title])");
  if (icon instanceof HTMLElement) icon.title = icon.ariaLabel ?? "";
}

/** @param {KeyboardEvent} event */
function searchByKey(event) {
  const search = find(HTMLInputElement, "#search");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

/** @param {Edit} edit */
export function walkRows(edit) {
  const rows = new Rows(edit);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || isDialogOpen()) return;
    if (event.key === "/") searchByKey(event);
    else if (Object.hasOwn(rows.onKey, event.key) && rows.any) {
      event.preventDefault();
      rows.onKey[event.key]();
    } else if (rows.heedCell(event)) event.preventDefault();
  });
  find(HTMLElement, "[data-rows]")?.addEventListener("focusin", (event) => rows.follow(event));
  find(HTMLElement, "[data-rows] tbody")?.addEventListener("click", (event) => rows.onClick(event));
  find(HTMLElement, "[data-rows]")?.addEventListener("pointerover", sayIcon);
}
