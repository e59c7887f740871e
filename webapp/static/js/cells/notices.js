// The page's place for news of cells, in its bar, where nothing else stands: a live region that is there before
// anything is said. What it offers to do goes after a time; its key does that as long as the page is there.

import { get, make } from "../shared/dom.js";
import { isOfTheIme } from "../shared/keyboard.js";

/** @typedef {{ undoUrl: string, undo: string, token: string }} UndoWords */

const SHOWN = 12_000;

const closing = document.querySelector("#keys button")?.getAttribute("aria-label") ?? "×";
const sentence = make("p");
const acts = make("div", { className: "buttons", hidden: true });
// What undoes stays for its key, also where something else is said.
const kept = make("div", { hidden: true });
const box = make("div", { className: "notice toast" }, sentence, acts, kept);
/** @type {number | undefined} */
let wait;
/** @type {HTMLElement | null} */
let cameFrom = null;

sentence.setAttribute("role", "status");
get(HTMLElement, ".bar .who").before(box);

function close() {
  clearTimeout(wait);
  const hadFocus = box.contains(document.activeElement);
  sentence.textContent = "";
  sentence.removeAttribute("title");
  acts.hidden = true;
  if (hadFocus) (cameFrom?.isConnected ? cameFrom : get(HTMLElement, "#main")).focus({ preventScroll: true });
}

/** Whoever reads it or is about to use it has all the time in the world; so has whoever must know that something failed. */
function goInTime() {
  clearTimeout(wait);
  if (acts.hidden || box.matches(":hover, :focus-within, .bad")) return;
  wait = setTimeout(close, SHOWN);
}

for (const kind of ["pointerenter", "pointerleave", "focusout"]) {
  box.addEventListener(kind, () => setTimeout(goInTime));
}
box.addEventListener("focusin", ({ relatedTarget }) => {
  if (relatedTarget instanceof HTMLElement && !box.contains(relatedTarget)) cameFrom = relatedTarget;
  goInTime();
});
document.addEventListener("keydown", (event) => {
  const isMeant = event.key === "Escape" && !event.defaultPrevented && !isOfTheIme(event);
  if (isMeant && !document.querySelector("dialog[open], :popover-open")) close();
});

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
  sentence.title = text;
  kept.append(...acts.querySelectorAll("form"));
  const end = make("button", { type: "button", className: "btn bare", textContent: "×" });
  end.setAttribute("aria-label", closing);
  end.addEventListener("click", close);
  acts.replaceChildren(...buttons, end);
  acts.hidden = false;
  // Where it is too long for its place it is read by scrolling.
  if (sentence.scrollHeight > sentence.clientHeight) sentence.tabIndex = 0;
  else sentence.removeAttribute("tabindex");
  goInTime();
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
  for (const older of box.querySelectorAll("form")) older.remove();
  say(text, "good", undoForm(number, words));
}
