// What a form holds: what was stored when it was opened, what is typed now, and which fields differ.

import { find, hiddenInput, isField } from "../shared/dom.js";
import { keyFor } from "../shared/drafts.js";
import { word } from "../shared/words.js";
import { inUnit, isFigure, unitOf } from "./units.js";

/** @import { Field } from "../shared/dom.js" */

const SECRET =
  "[type=password], [type=file], [name=csrf_token], [name=save_token], [name=row_version], [name=figures_unit]";

/** @param {Field} field */
const isBox = (field) => field instanceof HTMLInputElement && field.type === "checkbox";

/** @param {Field} field */
function value(field) {
  return field instanceof HTMLInputElement && isBox(field) ? String(field.checked) : field.value;
}

/** @param {Field} field */
function firstValue(field) {
  if (field instanceof HTMLSelectElement) {
    const selected = [...field.options].find((option) => option.defaultSelected);
    return (selected ?? field.options[0])?.value ?? "";
  }
  if (field instanceof HTMLInputElement && isBox(field)) return String(field.defaultChecked);
  return field.dataset.initial ?? field.defaultValue;
}

export class Typed {
  /** @type {Record<string, string>} */
  #opened = {};
  #shownUnit;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.#shownUnit = unitOf(form);
    const record = new URLSearchParams(location.search).get("id") ?? "";
    this.key = keyFor(word(form, "user"), location.pathname + record);
    this.version = hiddenInput(form, "row_version")?.value ?? "";
    this.isRepeat = document.querySelector("[data-errors], .conflicts") !== null;
    // A hidden input's defaultValue follows its value, so what it held at first is noted.
    for (const field of this.fields) if (field.type === "hidden") field.dataset.initial = field.value;
    this.#rememberOpened();
  }

  /** Shown again after a refusal, the form holds what was typed; what is stored was noted when it was opened. */
  #rememberOpened() {
    if (this.isRepeat) {
      this.#opened = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
      for (const name of word(this.form, "moved").split(" ")) this.#learn(name);
    } else {
      this.#opened = Object.fromEntries(this.fields.map((field) => [field.name, this.initial(field)]));
      this.#opened.figures_unit = this.#shownUnit;
    }
    sessionStorage.setItem(this.key, JSON.stringify(this.#opened));
  }

  /**
   * What somebody else has changed since it was opened: as it is stored now, or, where both have, as is said above.
   * @param {string} name
   */
  #learn(name) {
    const choice = find(HTMLElement, `[data-choice="${CSS.escape(name)}"]`);
    for (const [part, stored] of [
      [name, choice?.dataset.stored],
      [`${name}-name`, choice?.dataset.storedName],
    ]) {
      delete this.#opened[String(part)];
      if (stored !== undefined) this.#opened[String(part)] = stored;
    }
  }

  get fields() {
    const fields = [...this.form.elements].filter(isField);
    return fields.filter((field) => field.name && field.type !== "submit" && !field.matches(SECRET));
  }

  /** @returns {Record<string, string>} */
  get values() {
    return Object.fromEntries(this.fields.map((field) => [field.name, value(field)]));
  }

  /** @param {Field} field */
  initial(field) {
    const isKnown = Object.hasOwn(this.#opened, field.name);
    const [text, unit] = isKnown
      ? [this.#opened[field.name], this.#opened.figures_unit]
      : [firstValue(field), this.#shownUnit];
    return isFigure(field) ? inUnit(text, unit ?? this.#shownUnit, unitOf(this.form)) : text;
  }

  get changed() {
    return this.fields.filter((field) => value(field) !== this.initial(field));
  }

  /** @returns {Record<string, string>} */
  get changedValues() {
    return Object.fromEntries(this.changed.map((field) => [field.name, value(field)]));
  }

  /**
   * What is typed belongs to an older version of the record than the form was filled from.
   * @param {string} version
   */
  goBackTo(version) {
    const input = hiddenInput(this.form, "row_version");
    if (!version || !input) return;
    input.value = version;
    this.version = version;
  }
}

/**
 * @param {Field} field
 * @param {string} text
 */
export function type(field, text) {
  if (field instanceof HTMLInputElement && isBox(field)) field.checked = text === "true";
  else field.value = text;
}
