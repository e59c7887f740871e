// Passwords shown while they are typed, where somebody asks for it.

import { all } from "../shared/dom.js";
import { word } from "../shared/words.js";

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLInputElement} field
 */
function reveal(button, field) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
  });
  // A browser remembers what was typed into a field of text.
  field.form?.addEventListener("submit", () => {
    field.type = "password";
  });
}

export function revealPasswords() {
  for (const button of all(HTMLButtonElement, "[data-reveals]")) {
    const field = document.getElementById(word(button, "reveals"));
    if (field instanceof HTMLInputElement) reveal(button, field);
  }
}
