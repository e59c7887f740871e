// What a form kept is forgotten once the server says that it is stored, or when the person signs out.

import { find } from "../shared/dom.js";

const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:"));

function forgetSent() {
  for (const key of drafts()) {
    if (localStorage.getItem(key)?.startsWith('{"sent":true')) localStorage.removeItem(key);
  }
}

function forgetAll() {
  for (const key of drafts()) localStorage.removeItem(key);
  sessionStorage.clear();
}

export function forgetDrafts() {
  if (document.querySelector("[data-flash=good]")) forgetSent();
  find(HTMLFormElement, "[data-signs-out]")?.addEventListener("submit", forgetAll);
}
