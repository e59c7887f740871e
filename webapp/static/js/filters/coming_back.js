// The page that comes after a change of the panel: open as it was, with the focus where it was.

import { get, isField, make } from "../shared/dom.js";

const KEY = "filters-back";
// A page that takes longer to come was turned to by something else.
const SOON = 15_000;
const SAID_AFTER = 200;

/**
 * @typedef {object} Place
 * @property {string} path
 * @property {number} when
 * @property {boolean} open
 * @property {number} top
 * @property {string} [at]
 * @property {string} [name]
 * @property {string | null} [value]
 */

/**
 * Where the focus is, said so that it is found on the page that comes.
 * @param {HTMLFormElement} form
 */
function placeOfFocus(form) {
  const control = document.activeElement;
  if (!form.contains(control) || !(isField(control) || control instanceof HTMLButtonElement)) return {};
  return {
    at: control.dataset.at,
    name: control.name,
    value: control.type === "checkbox" ? control.value : null,
  };
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} panel
 */
export function notePlace(form, panel) {
  /** @type {Place} */
  const place = {
    path: location.pathname,
    when: Date.now(),
    open: panel.matches(":popover-open"),
    top: panel.scrollTop,
    ...placeOfFocus(form),
  };
  sessionStorage.setItem(KEY, JSON.stringify(place));
}

/** @returns {Place | null} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    // Whatever stands there is nothing of ours.
    return null;
  }
}

/** Where the page before this one was left, once; null where this page has nothing to do with it. */
export function takePlace() {
  const place = stored();
  sessionStorage.removeItem(KEY);
  return place?.path === location.pathname && Date.now() - place.when <= SOON ? place : null;
}

/**
 * The control that had the focus when the page was asked for.
 * @param {HTMLFormElement} form
 * @param {Place} place
 */
export function focusAgain(form, { at, name, value }) {
  if (!(at || name)) return;
  const controls = [...form.elements].filter((one) => isField(one) || one instanceof HTMLButtonElement);
  const control = controls.find((one) =>
    at ? one.dataset.at === at : one.name === name && (value === null || one.value === value),
  );
  // Untouched parts come back closed.
  control?.closest("details")?.setAttribute("open", "");
  control?.focus({ preventScroll: true });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} panel
 * @param {Place} place
 */
export function comeBack(form, panel, place) {
  if (place.open) panel.showPopover();
  const region = make("p", { className: "sr" });
  region.setAttribute("role", "status");
  get(HTMLElement, "#main").append(region);
  // A region speaks only of what changes once it is there.
  setTimeout(() => {
    region.textContent = document.getElementById("count")?.textContent ?? "";
  }, SAID_AFTER);
  focusAgain(form, place);
  panel.scrollTop = place.top;
}
