// Rows chosen for an action, and the bar that says how many they are.

import { all, find, get } from "../shared/dom.js";
import { filled, word, written } from "../shared/words.js";

class Selection {
  #form;
  #bar;
  #count;
  #all;
  #boxes;
  #table;
  /** @type {HTMLInputElement | null} */
  #last = null;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#form = form;
    this.#bar = get(HTMLElement, "[data-bulk-bar]", form);
    this.#count = get(HTMLElement, "[data-bulk-count]", form);
    this.#all = get(HTMLInputElement, "[data-all]", form);
    this.#boxes = all(HTMLInputElement, "input[name=rowid]", form);
    this.#table = get(HTMLElement, ".wrap", form);
  }

  start() {
    const none = get(HTMLElement, "[data-bulk-none]", this.#form);
    this.#bar.classList.add("over");
    none.hidden = false;
    none.addEventListener("click", () => {
      this.#setAll(false);
      this.#all.focus();
    });
    this.#all.addEventListener("change", () => this.#setAll(this.#all.checked));
    this.#form.addEventListener("click", (event) => this.#onClick(event));
    this.#form.addEventListener("change", () => this.#show());
    addEventListener("pageshow", () => this.#show());
    // The room above the table changes with the window, and with the column of filters.
    new ResizeObserver(() => this.#place()).observe(get(HTMLElement, ".list .tools"));
    this.#show();
  }

  #show() {
    const chosen = this.#boxes.filter((box) => box.checked).length;
    this.#bar.hidden = chosen === 0;
    this.#count.textContent = filled(word(this.#form, "chosen"), written(chosen));
    this.#all.checked = chosen === this.#boxes.length;
    this.#all.indeterminate = chosen > 0 && chosen < this.#boxes.length;
    this.#place();
  }

  /** Over the tools where it fits, or else below the rows: it never covers the head of the table. */
  #place() {
    const wasBelow = this.#bar.classList.contains("below");
    this.#bar.classList.remove("below");
    const isBelow = this.#bar.offsetHeight > this.#table.offsetTop;
    this.#bar.classList.toggle("below", isBelow);
    // The rows have less room now, and the one that was pressed is to stay in view.
    if (isBelow && !wasBelow) this.#last?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {boolean} isChosen */
  #setAll(isChosen) {
    for (const box of this.#boxes) box.checked = isChosen;
    this.#show();
  }

  /** @param {MouseEvent} event */
  #onClick({ target, shiftKey }) {
    if (!(target instanceof HTMLInputElement && target.name === "rowid")) return;
    if (shiftKey && this.#last) {
      const ends = [this.#boxes.indexOf(this.#last), this.#boxes.indexOf(target)];
      for (const box of this.#boxes.slice(Math.min(...ends), Math.max(...ends) + 1)) {
        box.checked = target.checked;
      }
    }
    this.#last = target;
    this.#show();
  }
}

export function chooseRows() {
  const form = find(HTMLFormElement, "form[data-bulk]");
  if (form) new Selection(form).start();
}
