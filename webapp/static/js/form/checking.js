// A field that is left is held against the server's rules: what they find is said beside it, before anything is saved.

import { ask } from "../shared/asking.js";
import { all, find, isField, make } from "../shared/dom.js";
import { pair, word } from "../shared/words.js";

/** @typedef {{ severity: string, tone: string, word: string, text: string, fields: string[] }} Finding */

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

/** @param {HTMLFormElement} form */
export function checkOnLeaving(form) {
  const address = word(form, "check");
  if (!address) return;
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
    const url = new URL(address, location.href);
    url.searchParams.set("left", left);
    const sent = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    const answer = await ask(url, {
      method: "POST",
      body: new URLSearchParams(sent),
      headers: { Accept: "application/json" },
      signal,
    });
    // Who is offline or signed out goes on typing: saving says so.
    /** @type {{ findings: Finding[], labels?: Record<string, string> } | null} */
    const told = answer?.ok && !answer.redirected ? await answer.json().catch(() => null) : null;
    if (!told || signal.aborted) return;
    // A process of the release before, which serves until it is replaced, names none.
    const { findings, labels = {} } = told;
    call(form, labels);
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
