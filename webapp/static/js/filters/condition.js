// One condition of a group: what is asked, its value, and a button that takes it away.

import { make } from "../shared/dom.js";
import { word } from "../shared/words.js";
import { nameIn } from "./names.js";

/** @import { Question } from "./questions.js" */
/** @import { Groups } from "./groups.js" */

export class Condition {
  #groups;
  #group;
  #which = make("select");
  #remove = make("button", { type: "button", className: "btn bare", textContent: "×" });
  /** @type {HTMLSelectElement | HTMLInputElement} */
  #value = make("input");

  /**
   * @param {Groups} groups
   * @param {HTMLElement} group
   */
  constructor(groups, group) {
    this.#groups = groups;
    this.#group = group;
    this.row = make("div", { className: "cond" }, this.#which, this.#value, this.#remove);
    this.#which.setAttribute("aria-label", word(groups.adder, "what"));
    this.#remove.setAttribute("aria-label", word(groups.adder, "remove"));
    this.#which.addEventListener("change", (event) => {
      // Nothing is asked yet.
      event.stopPropagation();
      this.draw(this.#which.value, "");
    });
    this.#remove.addEventListener("click", () => groups.remove(this));
  }

  get group() {
    return this.#group;
  }

  get value() {
    return this.#value.value;
  }

  focus() {
    this.#which.focus();
  }

  /**
   * @param {string | null} arg what is asked; without it the first that can be
   * @param {string} value
   */
  draw(arg, value) {
    const questions = this.#groups.questions;
    this.#which.replaceChildren(...questions.map((one) => new Option(one.label, one.arg)));
    this.#which.value = arg ?? questions[0].arg;
    const question = questions.find((one) => one.arg === this.#which.value) ?? questions[0];
    const field = this.#field(question, value);
    this.#value.replaceWith(field);
    this.#value = field;
    this.#groups.number(this.#group);
  }

  /** Draw it again, because there is more to choose from now. */
  refresh() {
    if (!this.row.isConnected) return;
    const { activeElement } = document;
    const wasInWhich = activeElement === this.#which;
    const wasInValue = activeElement === this.#value;
    this.draw(this.#which.value, this.#value.value);
    if (wasInWhich) this.#which.focus();
    else if (wasInValue) this.#value.focus();
  }

  /**
   * @param {Question} question
   * @param {string} value
   */
  #field({ arg, options, type = "text" }, value) {
    const name = nameIn(word(this.#group, "any"), arg);
    const field = options
      ? make("select", { name }, ...[["", ""], ...options].map(([key, label]) => new Option(label, key)))
      : make("input", { name, type, autocomplete: "off" });
    field.value = value;
    field.setAttribute("aria-label", word(this.#groups.adder, "value"));
    return field;
  }
}
