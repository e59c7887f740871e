// Theme and row height: shown at once, stored with the person.

import { ask } from "../shared/asking.js";
import { all, find, get } from "../shared/dom.js";
import { word } from "../shared/words.js";

/**
 * @param {HTMLElement} setting
 * @param {HTMLButtonElement} chosen
 */
function show(setting, { name, value }) {
  const { dataset } = document.documentElement;
  if (value) dataset[name] = value;
  else delete dataset[name];
  for (const button of all(HTMLButtonElement, "button", setting)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} chosen
 */
async function store(form, chosen) {
  const body = new FormData(form, chosen);
  // Kept alive: whoever goes on to another page at once has said what they want all the same.
  const options = { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true };
  const answer = await ask(form.action, options);
  get(HTMLElement, "[role=status]", form).textContent = answer?.ok ? "" : word(form, "failed");
}

export function switchAppearance() {
  const form = find(HTMLFormElement, "form[data-settings]");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    const setting = button?.closest("[data-setting]");
    if (!(button instanceof HTMLButtonElement && setting instanceof HTMLElement)) return;
    event.preventDefault();
    show(setting, button);
    return store(form, button);
  });
}
