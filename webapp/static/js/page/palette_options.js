// The options of the command palette: in groups, one of them chosen.

import { all, make } from "../shared/dom.js";

/** @typedef {{ label: string, hint: string, run: () => void }} Command */

export class Options {
  #here = -1;
  #list;
  #field;

  /**
   * @param {HTMLElement} list
   * @param {HTMLInputElement} field whose words the options answer
   */
  constructor(list, field) {
    this.#list = list;
    this.#field = field;
  }

  get all() {
    return all(HTMLElement, "[role=option]", this.#list);
  }

  get #answers() {
    return all(HTMLElement, "[role=group] [role=option]", this.#list);
  }

  get count() {
    return this.#answers.length;
  }

  clear() {
    this.#list.replaceChildren();
  }

  /** @param {number} index counted from either end */
  choose(index) {
    const options = this.all;
    this.#here = options.length ? (index + options.length) % options.length : -1;
    for (const [place, option] of options.entries()) {
      option.setAttribute("aria-selected", String(place === this.#here));
    }
    const chosen = options[this.#here];
    if (!chosen) this.#field.removeAttribute("aria-activedescendant");
    else {
      this.#field.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {number} by */
  step(by) {
    this.choose(this.#here + by);
  }

  run() {
    this.all[this.#here]?.click();
  }

  /**
   * @param {string} title
   * @param {Command[]} commands
   */
  addGroup(title, commands) {
    if (!commands.length) return;
    const head = make("span", { id: `palette-group-${this.#list.childElementCount}`, textContent: title });
    const group = make("div", {}, head);
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", head.id);
    for (const command of commands) {
      group.append(this.#option(command, `${this.#list.childElementCount}-${group.childElementCount}`));
    }
    this.#list.append(group);
  }

  /**
   * @param {Command} command
   * @param {string} place
   */
  #option({ label, hint, run }, place) {
    const option = make("div", { id: `palette-${place}` }, label);
    option.setAttribute("role", "option");
    if (hint) option.append(make("small", { textContent: hint }));
    option.addEventListener("click", () => {
      option.closest("dialog")?.close();
      run();
    });
    option.addEventListener("pointermove", () => this.choose(this.all.indexOf(option)));
    return option;
  }

  /** @param {string} sentence */
  sayNothing(sentence) {
    const nothing = make("div", { textContent: sentence });
    nothing.setAttribute("role", "option");
    nothing.setAttribute("aria-disabled", "true");
    this.#list.append(nothing);
  }
}
