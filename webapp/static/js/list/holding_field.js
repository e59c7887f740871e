// A field that lies over a cell while the cell's own is on its way.

import { make } from "../shared/dom.js";
import { cellFrom } from "./cell_walk.js";

export class HoldingField {
  #input = make("input", { type: "text", className: "held", autocomplete: "off", hidden: true });
  /** @type {HTMLTableCellElement | undefined} */
  #cell;

  /**
   * @param {(event: KeyboardEvent) => void} onKey
   * @param {() => void} onLeft when the reader goes elsewhere
   */
  constructor(onKey, onLeft) {
    for (const kind of ["compositionstart", "compositionend"]) {
      this.#input.addEventListener(kind, () =>
        this.#input.toggleAttribute("data-converting", kind.endsWith("start")),
      );
    }
    this.#input.addEventListener("keydown", onKey);
    this.#input.addEventListener("blur", ({ relatedTarget }) => {
      // The window has lost the focus, or the editor that the text goes to has it.
      if (document.activeElement === this.#input) return;
      if (!(relatedTarget instanceof Element && relatedTarget.closest("form.cell, td"))) onLeft();
    });
  }

  get text() {
    return this.#input.value;
  }

  empty() {
    this.#input.value = "";
  }

  /** @param {boolean} isText whether what is typed is text, to be seen */
  show(isText) {
    this.#input.toggleAttribute("data-waits", !isText);
  }

  /** @param {HTMLTableCellElement} cell */
  open(cell) {
    document.body.append(this.#input);
    this.#input.hidden = false;
    this.#place(cell);
    this.#input.focus({ preventScroll: true });
  }

  close() {
    this.#input.hidden = true;
  }

  /** @param {number} step from the cell over which it lies */
  goOn(step) {
    const next = this.#cell && cellFrom(this.#cell, step);
    if (next) this.#place(next);
  }

  /** Until a conversion has ended: it cannot be carried into another field. */
  async converted() {
    while (this.#input.matches("[data-converting]")) {
      await new Promise((resolve) => {
        this.#input.addEventListener("compositionend", resolve, { once: true });
      });
    }
  }

  /** @param {HTMLTableCellElement} cell */
  #place(cell) {
    this.#cell = cell;
    const box = cell.getBoundingClientRect();
    for (const side of /** @type {const} */ (["left", "top", "width", "height"])) {
      this.#input.style[side] = `${box[side]}px`;
    }
    const head = cell.closest("table")?.tHead?.rows[0].cells[cell.cellIndex];
    this.#input.setAttribute("aria-label", head?.textContent.trim() ?? "");
  }
}
