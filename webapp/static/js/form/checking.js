// A field that is left is held against the server's rules: what they find is said beside it, before anything is saved.

import { ask } from "../shared/asking.js";
import { all, find, isField, make } from "../shared/dom.js";
import { pair, word } from "../shared/words.js";
import { isFigure, unitOf } from "./units.js";

/** @typedef {{ severity: string, tone: string, word: string, text: string, fields: string[] }} Finding */
/** @typedef {{ units: Record<string, string>, per_share: string[] }} CountedIn */
/** @typedef {{ findings: Finding[], labels?: Record<string, string>, counted_in?: CountedIn | null }} Told */

// Whoever walks through several fields at once is answered once.
const PAUSE = 200;
const NOT_OF_THE_RECORD = ["change_reason"];

/**
 * @param {HTMLElement} box of a field
 * @param {Finding[]} findings
 */
function show(box, findings) {
  const said = box.querySelector(":scope > .found");
  const field = find(HTMLElement, "input:not([type=hidden]), select, textarea", box);
  const id = `${box.dataset.field}-found`;
  const others = (field?.getAttribute("aria-describedby") ?? "")
    .split(" ")
    .filter((one) => one && one !== id);
  const list = make("ul", { className: "found", id });
  for (const { severity, tone, word: name, text } of findings) {
    const badge = make("span", { className: `badge ${tone}`, textContent: name });
    list.append(make("li", { className: severity }, badge, make("span", { textContent: text })));
  }
  if (said) said.replaceWith(list);
  else if (findings.length) box.append(list);
  if (!findings.length) list.remove();
  const described = findings.length ? [...others, id] : others;
  if (described.length) field?.setAttribute("aria-describedby", described.join(" "));
  else field?.removeAttribute("aria-describedby");
}

/**
 * Say aloud what was not there before: a page that says everything again is not listened to.
 * @param {HTMLFormElement} form
 * @param {Finding[]} findings
 * @param {Set<string>} before
 */
function announce(form, findings, before) {
  const status = find(HTMLElement, "[data-found]", form);
  const news = findings.filter(({ text }) => !before.has(text));
  if (status) status.textContent = news.map(({ word: name, text }) => pair(name, text)).join(" ");
}

/**
 * Call figures by what is typed: another standard, scope or industry prints other words.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} labels by field
 */
function call(form, labels) {
  for (const [name, label] of Object.entries(labels)) {
    const said = find(HTMLElement, `[data-field="${name}"] > label > span`, form);
    if (said && said.textContent !== label) said.textContent = label;
  }
}

/**
 * @param {HTMLInputElement} field
 * @param {string} unit
 */
function countIn(field, unit) {
  if (field.dataset.unit === unit) return;
  field.dataset.unit = unit;
  const said = field.closest(".with-unit")?.querySelector(".unit");
  if (said) said.textContent = unit;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * Count amounts in the currency that is typed: whole ones per share, others in so many of the form's unit.
 * @param {HTMLFormElement} form
 * @param {CountedIn} countedIn
 */
function count(form, { units, per_share }) {
  const select = find(HTMLSelectElement, `select[name="${word(form, "figuresIn")}"]`, form);
  for (const option of select?.options ?? []) {
    const name = units[option.value];
    if (name && option.text !== name) option.text = name;
  }
  const one = units["1"] ?? "";
  for (const field of all(HTMLInputElement, "input[data-number]", form)) {
    if (isFigure(field)) {
      field.dataset.yen = one;
      countIn(field, units[unitOf(form)] ?? "");
    } else if (per_share.includes(field.name)) countIn(field, one);
  }
}

/**
 * What is told of the form as it is; nothing of who is offline or signed out, who goes on typing: saving says so.
 * @param {HTMLFormElement} form
 * @param {string} left the field
 * @param {AbortSignal} signal
 * @returns {Promise<Told | null>}
 */
async function told(form, left, signal) {
  const url = new URL(word(form, "check"), location.href);
  url.searchParams.set("left", left);
  const sent = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  const answer = await ask(url, {
    method: "POST",
    body: new URLSearchParams(sent),
    headers: { Accept: "application/json" },
    signal,
  });
  return answer?.ok && !answer.redirected ? await answer.json().catch(() => null) : null;
}

/** @param {HTMLFormElement} form */
export function checkOnLeaving(form) {
  if (!word(form, "check")) return;
  /** @type {number | undefined} */
  let wait;
  let asked = new AbortController();
  /** @type {Set<string>} */
  let before = new Set();

  /** @param {string} left */
  const check = async (left) => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const answer = await told(form, left, signal);
    if (!answer || signal.aborted) return;
    // A process of the release before, which serves until it is replaced, names none.
    const { findings, labels = {}, counted_in } = answer;
    call(form, labels);
    if (counted_in) count(form, counted_in);
    for (const box of all(HTMLElement, "[data-field]", form)) {
      show(
        box,
        findings.filter(({ fields }) => fields.includes(word(box, "field"))),
      );
    }
    announce(form, findings, before);
    before = new Set(findings.map(({ text }) => text));
  };

  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof Element) || !isField(target) || NOT_OF_THE_RECORD.includes(target.name)) return;
    clearTimeout(wait);
    wait = setTimeout(() => check(target.name), PAUSE);
  });
}
