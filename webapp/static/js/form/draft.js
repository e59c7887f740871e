// What is typed is kept in this browser until it is stored, and offered when the form is opened again.

import { all, make } from "../shared/dom.js";
import { filled, word } from "../shared/words.js";
import { type } from "./typed.js";

/** @import { Typed } from "./typed.js" */

const PAUSE = 400;

/** @typedef {{ sent: boolean, version: string, when: number, values: Record<string, string> }} Kept */

export class Draft {
  #typed;
  /** @type {number | undefined} */
  #wait;

  /** @param {Typed} typed */
  constructor(typed) {
    this.#typed = typed;
  }

  /** @param {boolean} isSent */
  store(isSent) {
    clearTimeout(this.#wait);
    const { key, version, values } = this.#typed;
    /** @type {Kept} */
    const kept = { sent: isSent, version, when: Date.now(), values };
    localStorage.setItem(key, JSON.stringify(kept));
  }

  forget() {
    localStorage.removeItem(this.#typed.key);
  }

  /**
   * Keep it once typing pauses; where nothing is changed there is nothing to keep.
   * @param {boolean} isChanged
   */
  keepSoon(isChanged) {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => (isChanged ? this.store(false) : this.forget()), PAUSE);
  }

  /**
   * Offer what was kept where it is not what the form holds.
   * @param {() => void} onRestored
   */
  offer(onRestored) {
    /** @type {Kept | null} */
    const kept = JSON.parse(localStorage.getItem(this.#typed.key) ?? "null");
    if (!kept) return;
    const { values } = this.#typed;
    const differs = Object.entries(kept.values).some(([name, value]) => value !== (values[name] ?? ""));
    if (!differs) this.forget();
    else if (!this.#typed.isRepeat) this.#ask(kept, onRestored);
  }

  /**
   * @param {Kept} kept
   * @param {() => void} onRestored
   */
  #ask(kept, onRestored) {
    const { form } = this.#typed;
    const when = new Date(kept.when).toLocaleString(document.documentElement.lang);
    const sentence = make("p", { textContent: filled(word(form, "restore"), when) });
    const restore = make("button", {
      type: "button",
      className: "btn",
      textContent: word(form, "restoreDo"),
    });
    const drop = make("button", { type: "button", className: "btn", textContent: word(form, "restoreDrop") });
    const notice = make("div", { className: "notice warn" }, sentence, restore, drop);
    notice.setAttribute("role", "status");
    restore.addEventListener("click", () => {
      this.#restore(kept.values);
      notice.remove();
      onRestored();
      for (const field of all(HTMLInputElement, "input[data-number]", form)) {
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    });
    drop.addEventListener("click", () => {
      this.forget();
      notice.remove();
    });
    form.before(notice);
  }

  /** @param {Record<string, string>} values */
  #restore(values) {
    const { form } = this.#typed;
    for (const field of this.#typed.fields) if (field.name in values) type(field, values[field.name]);
    for (const box of all(HTMLElement, "[data-lookup-url]", form)) {
      const [key, name] = all(HTMLInputElement, "[name]", box);
      box.dispatchEvent(new CustomEvent("choose", { detail: { value: key.value, label: name.value } }));
    }
  }
}
