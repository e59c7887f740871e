// What a form kept is forgotten once the server says that it is stored, or when the person signs out; until then it
// is offered wherever they come.

import { all, at, find, get } from "../shared/dom.js";
import { draftsOf, forget, keyFor, keys, read } from "../shared/drafts.js";
import { moment } from "../shared/moments.js";
import { word } from "../shared/words.js";

/** @import { Kept } from "../shared/drafts.js" */

const MOST = 5;

function forgetStored() {
  const stored = new Set(all(HTMLElement, "[data-stored-form]").map((one) => word(one, "storedForm")));
  for (const key of keys()) if (stored.has(read(key)?.storedAs ?? "")) forget(key);
}

function forgetAll() {
  for (const key of keys()) forget(key);
  sessionStorage.clear();
}

/**
 * @param {HTMLElement} notice
 * @param {{ key: string, kept: Kept }} draft
 */
function show(notice, { key, kept }) {
  const { content } = get(HTMLTemplateElement, "template", notice);
  const entry = get(HTMLElement, "li", document.importNode(content, true));
  const link = get(HTMLAnchorElement, "a", entry);
  link.href = kept.address;
  link.textContent = kept.title;
  get(HTMLElement, "time", entry).textContent = moment(kept.when);
  get(HTMLElement, "button", entry).dataset.draft = key;
  get(HTMLElement, "ul", notice).append(entry);
}

/** The form of the record itself offers it by itself. */
function offerDrafts() {
  const notice = find(HTMLElement, "[data-drafts]");
  if (!notice) return;
  const person = word(notice, "drafts");
  const here = keyFor(person, location.pathname + (new URLSearchParams(location.search).get("id") ?? ""));
  const drafts = draftsOf(person).filter(({ key }) => key !== here);
  for (const draft of drafts.slice(0, MOST)) show(notice, draft);
  notice.hidden = drafts.length === 0;
  notice.addEventListener("click", (event) => {
    const button = at(event, "[data-draft]");
    if (!button) return;
    forget(word(button, "draft"));
    button.closest("li")?.remove();
    if (!find(HTMLElement, "[data-draft]", notice)) notice.remove();
  });
}

export function forgetDrafts() {
  forgetStored();
  offerDrafts();
  find(HTMLFormElement, "[data-signs-out]")?.addEventListener("submit", forgetAll);
}
