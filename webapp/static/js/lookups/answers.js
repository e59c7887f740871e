// What the server offers for a look-up: the answer to the last question only.

import { askForJson } from "../shared/asking.js";
import { word } from "../shared/words.js";

/** @import { Choice } from "#tom-select" */

export class Answers {
  #box;
  #question = new AbortController();
  /** @type {Set<string>} */
  #found = new Set();
  #isReached = true;

  /** @param {HTMLElement} box */
  constructor(box) {
    this.#box = box;
  }

  /** Said where there is nothing to choose from. */
  get nothing() {
    return word(this.#box, this.#isReached ? "lookupNothing" : "lookupFailed");
  }

  /** @param {string} value */
  has(value) {
    return this.#found.has(value);
  }

  /**
   * Choices for what was typed; null where a later question has overtaken this one.
   * @param {string} text
   * @returns {Promise<Choice[] | null>}
   */
  async ask(text) {
    this.#question.abort();
    this.#question = new AbortController();
    const { signal } = this.#question;
    const url = new URL(word(this.#box, "lookupUrl"), location.href);
    url.searchParams.set("query", text);
    /** @type {[value: string | number, text: string][] | null} */
    const rows = await askForJson(url, signal);
    if (signal.aborted) return null;
    this.#isReached = rows !== null;
    const choices = (rows ?? []).map(([value, label]) => ({ value: String(value), text: label }));
    this.#found = new Set(choices.map(({ value }) => value));
    return choices;
  }
}
