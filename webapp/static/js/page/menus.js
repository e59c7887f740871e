// Menus: one is open at a time; what the server has to say in one is fetched when it is first opened.

import { askForPage } from "../shared/asking.js";
import { all, get, make } from "../shared/dom.js";
import { word } from "../shared/words.js";

const openMenus = () => all(HTMLDetailsElement, "details.menu[open]");

/** @param {Event} event */
function closeOthers(event) {
  for (const menu of openMenus()) {
    if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
  }
}

/** @param {KeyboardEvent} event */
function closeByEscape(event) {
  if (event.key !== "Escape" || event.isComposing) return;
  for (const menu of openMenus()) {
    menu.open = false;
    get(HTMLElement, "summary", menu).focus();
  }
}

export function closeMenus() {
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);
  document.addEventListener("keydown", closeByEscape);
}

/**
 * Put the server's content in place of the links that do without script.
 * @param {HTMLDetailsElement} menu
 */
async function fetchContent(menu) {
  const drop = get(HTMLElement, ".drop", menu);
  if (!menu.open || drop.hasAttribute("aria-busy")) return;
  drop.setAttribute("aria-busy", "true");
  drop.querySelector("[role=alert]")?.remove();
  const page = await askForPage(word(menu, "content"));
  if (page) {
    drop.replaceChildren(...page.body.children);
    drop.setAttribute("aria-busy", "false");
  } else {
    const alert = make("p", { className: "pad", textContent: word(menu, "failed") });
    alert.setAttribute("role", "alert");
    drop.append(alert);
    // Opened once more, it asks once more.
    drop.removeAttribute("aria-busy");
  }
}

export function fetchMenus() {
  for (const menu of all(HTMLDetailsElement, "details[data-content]")) {
    menu.addEventListener("toggle", () => fetchContent(menu));
  }
}
