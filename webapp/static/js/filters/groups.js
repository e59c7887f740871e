// Groups of conditions of which any is enough.

import { all, find, get, make } from "../shared/dom.js";
import { word } from "../shared/words.js";
import { Condition } from "./condition.js";
import { argOf } from "./names.js";
import { otherQuestions, questionsIn } from "./questions.js";

/** @import { Question } from "./questions.js" */

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

export class Groups {
  #form;
  #apply;
  /** @type {Condition[]} */
  #conditions = [];
  /** @type {Promise<Question[]> | null} */
  #asked = null;
  /** @type {Question[]} */
  #others = [];

  /**
   * @param {HTMLFormElement} form
   * @param {() => void} apply
   */
  constructor(form, apply) {
    this.#form = form;
    this.#apply = apply;
    this.adder = get(HTMLElement, "[data-add-any]", form);
  }

  get #all() {
    return all(HTMLFieldSetElement, "fieldset.any", this.#form);
  }

  /** What the panel has fields for, then whatever else can be asked. */
  get questions() {
    const own = questionsIn(this.#form);
    const known = new Set(own.map((one) => one.arg));
    return [...own, ...this.#others.filter((one) => !known.has(one.arg))];
  }

  async start() {
    this.adder.hidden = false;
    this.adder.addEventListener("click", () => this.#addGroup());
    if (!this.#all.length) return;
    await this.#learn();
    for (const group of this.#all) this.#takeOver(group);
  }

  /** Ask once for the questions that the panel has no field for. */
  async #learn() {
    this.#asked ??= otherQuestions(word(this.#form, "questions"));
    this.#others = await this.#asked;
  }

  refresh() {
    for (const condition of this.#conditions) condition.refresh();
  }

  /**
   * What the server has written as words becomes conditions that can be changed.
   * @param {HTMLFieldSetElement} group
   */
  #takeOver(group) {
    const given = all(HTMLInputElement, "input", group).map(({ name, value }) => ({
      arg: argOf(name),
      value,
    }));
    for (const sentence of group.querySelectorAll("p")) sentence.remove();
    this.#prepare(group);
    for (const { arg, value } of given) this.#addCondition(group, arg, value);
  }

  async #addGroup() {
    await this.#learn();
    const used = new Set(this.#all.map((one) => one.dataset.any));
    const letter = [...LETTERS].find((one) => !used.has(one));
    if (!letter) return;
    const legend = make("legend", { textContent: word(this.adder, "title") });
    const group = make("fieldset", { className: "any" }, legend);
    group.dataset.any = letter;
    this.adder.before(group);
    this.#prepare(group);
    this.#addCondition(group).focus();
  }

  /** @param {HTMLFieldSetElement} group */
  #prepare(group) {
    const more = make("button", {
      type: "button",
      className: "btn bare",
      textContent: word(this.adder, "more"),
    });
    more.dataset.or = "";
    more.addEventListener("click", () => this.#addCondition(group).focus());
    group.append(more);
  }

  /**
   * @param {HTMLFieldSetElement} group
   * @param {string | null} [arg]
   * @param {string} [value]
   */
  #addCondition(group, arg = null, value = "") {
    const condition = new Condition(this, group);
    this.#conditions.push(condition);
    get(HTMLButtonElement, "button[data-or]", group).before(condition.row);
    condition.draw(arg, value);
    return condition;
  }

  /** @param {Condition} condition */
  remove(condition) {
    condition.row.remove();
    if (!find(HTMLElement, ".cond", condition.group)) condition.group.remove();
    this.adder.focus();
    if (condition.value !== "") this.#apply();
  }

  /**
   * Names by which the focus finds its way back.
   * @param {HTMLElement} group
   */
  number(group) {
    const index = all(HTMLElement, "fieldset.any", this.#form).indexOf(group);
    for (const [place, row] of all(HTMLElement, ".cond", group).entries()) {
      for (const [part, control] of all(HTMLElement, ":scope > *", row).entries()) {
        control.dataset.at = `${index}-${place}-${part}`;
      }
    }
  }
}
