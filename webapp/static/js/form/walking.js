// Ways through a long form by key: the first field has the focus, and sections are a key away.

import { all, find, isField } from "../shared/dom.js";
import { isOfTheIme } from "../shared/keyboard.js";

/** @type {Record<string, number>} */
const BY = { PageUp: -1, PageDown: 1 };

/** @param {Element} one */
const isTypedInto = (one) => one instanceof HTMLElement && one.tabIndex >= 0 && one.checkVisibility();

/** @param {ParentNode} part */
const firstField = (part) =>
  [...part.querySelectorAll("input, select, textarea")].filter(isField).find(isTypedInto);

/** @param {Element | undefined} section */
function enter(section) {
  const field = section && firstField(section);
  if (!field) return;
  field.focus({ preventScroll: true });
  section.scrollIntoView({ block: "start" });
}

/**
 * Which section a key leads to: Alt with a number, or with PageUp and PageDown from the one where the focus is.
 * @param {KeyboardEvent} event
 * @param {Element[]} sections
 */
function wanted({ code, key }, sections) {
  const digit = /^Digit([1-9])$/u.exec(code)?.[1];
  if (digit) return sections[Number(digit) - 1];
  const step = BY[key];
  if (!step) return;
  const here = sections.findIndex((section) => section.contains(document.activeElement));
  return sections[Math.max(0, here + step)];
}

/** @param {HTMLFormElement} form */
export function walkSections(form) {
  const sections = all(HTMLFieldSetElement, "fieldset", form).filter(firstField);
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isOfTheIme(event)) return;
    const section = wanted(event, sections);
    if (!section) return;
    event.preventDefault();
    enter(section);
  });
  find(HTMLElement, ".sections", form)?.addEventListener("click", ({ target }) => {
    const link = target instanceof Element ? target.closest("a") : null;
    // Once the page has gone there.
    if (link) setTimeout(() => enter(find(HTMLElement, link.hash) ?? undefined));
  });
}

/**
 * In the field that the address names, whatever opens a keyboard; otherwise in the first one, where nothing else has
 * the reader's attention: no refusal, no place in the page, no keyboard that covers it.
 * @param {HTMLFormElement} form
 */
export function beginInForm(form) {
  const [came] = performance.getEntriesByType("navigation");
  const isBack = came instanceof PerformanceNavigationTiming && came.type === "back_forward";
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!isBack && named && isField(named) && form.contains(named)) {
    named.focus({ preventScroll: true });
    named.scrollIntoView({ block: "center" });
    return;
  }
  const isTaken = isBack || location.hash || document.querySelector("[data-errors], .conflicts");
  if (!isTaken && matchMedia("(pointer: fine)").matches) firstField(form)?.focus({ preventScroll: true });
}
