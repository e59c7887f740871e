// How many records each value would leave: asked for when the panel is first seen.

import { askForJson } from "../shared/asking.js";
import { all, find, make } from "../shared/dom.js";
import { word, written } from "../shared/words.js";
import { argOf } from "./names.js";

/**
 * @typedef {object} Facet
 * @property {[arg: string, value: string, label: string, number: number][]} values
 * @property {boolean} has_more
 */

/**
 * Records to tick in place of a field for their code.
 * @param {HTMLElement} box
 * @param {Facet} facet
 */
function fill(box, { values }) {
  const field = box.parentElement && find(HTMLInputElement, ".ops input[type=text]", box.parentElement);
  if (!field) throw new TypeError("A facet that is fetched stands beside no field");
  const ticks = all(HTMLInputElement, "input", box);
  const names = new Map(ticks.map((tick) => [argOf(tick.name), tick.name]));
  names.set(argOf(field.name), field.name);
  const chosen = new Set(
    ticks.filter((tick) => tick.checked).map((tick) => `${argOf(tick.name)}=${tick.value}`),
  );
  const labels = values.map(([arg, value, label]) => {
    const checked = chosen.has(`${arg}=${value}`);
    const tick = make("input", { type: "checkbox", name: names.get(arg), value, checked });
    return make("label", {}, tick, make("span", { textContent: label }));
  });
  box.replaceChildren(...labels);
  field.closest("label")?.remove();
}

/**
 * @param {HTMLElement} box
 * @param {Facet} facet
 */
function showCounts(box, facet) {
  if (box.dataset.fetched !== undefined && facet.values.length) fill(box, facet);
  const ticks = all(HTMLInputElement, "input", box);
  for (const [arg, value, , number] of facet.values) {
    const label = ticks.find((one) => argOf(one.name) === arg && one.value === value)?.parentElement;
    if (!label) continue;
    const shown = written(number) + (facet.has_more && number ? "+" : "");
    label.append(make("span", { className: "n", textContent: shown }));
    label.toggleAttribute("data-none", number === 0 && !facet.has_more);
  }
}

/**
 * Ask for the counts and show them; whether there are any.
 * @param {HTMLFormElement} form
 */
export async function count(form) {
  /** @type {Record<string, Facet> | null} */
  const facets = await askForJson(word(form, "facets"));
  for (const [name, facet] of Object.entries(facets ?? {})) {
    const box = find(HTMLElement, `[data-facet="${CSS.escape(name)}"]`, form);
    if (box) showCounts(box, facet);
  }
  return facets !== null;
}
