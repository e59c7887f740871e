// Menus: one is open at a time; what the server has to say in one is fetched when it is first opened.

import { askForPage } from "../shared/asking.js";
import { all, get, make } from "../shared/dom.js";
import { isOfTheIme } from "../shared/keyboard.js";
import { pressedOn, released } from "../shared/pointer.js";
import { word } from "../shared/words.js";

const openMenus = () => all(HTMLDetailsElement, "details.menu[open]");

/** @param {(menu: HTMLDetailsElement) => boolean} isLeft */
function close(isLeft) {
  for (const menu of openMenus()) if (isLeft(menu)) menu.open = false;
}

/**
 * A press on words that take no focus gives it to what holds the menu: that is no way out of it.
 * @param {FocusEvent} event
 */
function closeByFocus({ target }) {
  close((menu) => target instanceof Node && !menu.contains(target) && !target.contains(menu));
}

/**
 * Text that is marked in a menu may end outside of it.
 * @param {MouseEvent} event
 */
function closeByClick({ target, detail }) {
  const began = detail > 0 ? pressedOn() : null;
  close((menu) => !(target instanceof Node && menu.contains(target)) && !(began && menu.contains(began)));
}

/** @param {KeyboardEvent} event */
function closeByEscape(event) {
  if (event.key !== "Escape" || isOfTheIme(event)) return;
  for (const menu of openMenus()) {
    event.preventDefault();
    menu.open = false;
    get(HTMLElement, "summary", menu).focus();
  }
}

export function closeMenus() {
  document.addEventListener("click", closeByClick);
  document.addEventListener("focusin", closeByFocus);
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
  await released();
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
