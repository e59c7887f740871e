// A reference chosen by typing: tom-select over a look-up's two inputs, the key's and the name's.

import "#tom-select";
import { get } from "../shared/dom.js";
import { Answers } from "./answers.js";
import { describe, prepareField } from "./field.js";

/** @import { AsText, Select, Settings } from "#tom-select" */

const WAIT = 180;

/**
 * What tom-select draws.
 * @param {Answers} answers
 * @param {string} id
 * @returns {Settings["render"]}
 */
function drawing(answers, id) {
  /** @type {(sentence: string, asText: AsText) => string} */
  const note = (sentence, asText) => `<div role="option" aria-disabled="true">${asText(sentence)}</div>`;
  return {
    item: ({ text }, asText) => `<div id="${id}-chosen">${asText(text)}</div>`,
    loading: (_data, asText) => note("…", asText),
    no_results: (_data, asText) => note(answers.nothing, asText),
  };
}

/**
 * How tom-select asks for choices, and which of them it shows.
 * @param {Answers} answers
 * @returns {Pick<Settings, "loadThrottle" | "refreshThrottle" | "shouldLoad" | "load" | "score">}
 */
function asking(answers) {
  return {
    loadThrottle: WAIT,
    refreshThrottle: 0,
    shouldLoad: () => true,
    async load(text, done) {
      const choices = await answers.ask(text);
      if (choices) this.clearOptions();
      done(choices ?? undefined);
    },
    // What the server finds by a reading, an English name or another code need not stand in the name.
    score:
      () =>
      ({ value }) =>
        Number(answers.has(value)),
  };
}

/**
 * Let tom-select offer names for a look-up; gives what it made, whose `control_input` is typed into.
 * @param {HTMLElement} box
 * @returns {Select}
 */
export function enhance(box) {
  const key = get(HTMLInputElement, "input[type=hidden]", box);
  const name = get(HTMLInputElement, "input:not([type=hidden])", box);
  const { id } = name;
  const answers = new Answers(box);

  // tom-select finds the label by the id of what it stands for.
  name.removeAttribute("id");
  name.hidden = true;
  key.id = id;
  const select = new TomSelect(key, {
    maxItems: 1,
    options: key.value ? [{ value: key.value, text: name.value }] : [],
    items: key.value ? [key.value] : [],
    openOnFocus: false,
    // Otherwise a chosen name takes its field's place, and nothing can be pasted there.
    hidePlaceholder: false,
    highlight: false,
    ...asking(answers),
    render: drawing(answers, id),
    // The name goes with the key: a draft, Back and the server read both.
    onChange(value) {
      name.value = this.options[value]?.text ?? "";
      describe(this, name, id);
    },
    onDropdownOpen(list) {
      if (list.getBoundingClientRect().bottom > innerHeight) box.scrollIntoView({ block: "center" });
    },
  });
  key.removeAttribute("id");
  prepareField(select, { box, name, id });
  return select;
}
