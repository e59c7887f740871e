// The page's place for news of cells: a live region that is there before anything is said.

import { get, make } from "../shared/dom.js";

/** @typedef {{ undoUrl: string, undo: string, token: string }} UndoWords */

const close = document.querySelector("#keys button")?.getAttribute("aria-label") ?? "×";
const sentence = make("p");
const acts = make("div", { className: "buttons" });
const box = make("div", { className: "notice toast" }, sentence, acts);
sentence.setAttribute("role", "status");
get(HTMLElement, "#main").append(box);

function empty() {
  sentence.textContent = "";
  acts.replaceChildren();
}

/**
 * @param {number} number of the change set
 * @param {UndoWords} words
 */
function undoForm(number, { undoUrl, undo, token }) {
  const form = make("form", { method: "post", action: undoUrl });
  const values = { id: String(number), url: location.pathname + location.search, csrf_token: token };
  for (const [name, value] of Object.entries(values)) {
    form.append(make("input", { type: "hidden", name, value }));
  }
  const button = make("button", { type: "submit", className: "btn", textContent: undo });
  button.dataset.key = "u";
  button.setAttribute("aria-keyshortcuts", "u");
  form.append(button);
  return form;
}

/**
 * @param {string} text
 * @param {"good" | "info" | "bad"} tone
 * @param {HTMLElement[]} buttons
 */
function say(text, tone, ...buttons) {
  box.className = `notice toast ${tone}`;
  sentence.textContent = text;
  const end = make("button", { type: "button", className: "btn bare", textContent: close });
  end.addEventListener("click", empty);
  acts.replaceChildren(...buttons, end);
}

/** @param {string} text */
export const sayFailure = (text) => say(text, "bad");

/**
 * @param {string} text
 * @param {number | null | undefined} number of the change set, where there is something to undo
 * @param {UndoWords} words
 */
export function saySaved(text, number, words) {
  if (!number) {
    say(text, "info");
    return;
  }
  // The key undoes what was done last.
  for (const older of document.querySelectorAll("[data-key=u]")) {
    older.removeAttribute("data-key");
  }
  say(text, "good", undoForm(number, words));
}
