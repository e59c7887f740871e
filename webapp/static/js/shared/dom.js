// Elements found and made, each of the kind that the caller names.

/**
 * @template {Element} T
 * @typedef {{ new (): T, prototype: T }} Kind
 */

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

/**
 * The first that a selector finds, or null.
 * @template {Element} T
 * @param {Kind<T>} kind
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T | null}
 */
export function find(kind, selector, root = document) {
  const element = root.querySelector(selector);
  return element instanceof kind ? element : null;
}

/**
 * The first that a selector finds; without it the page is broken.
 * @template {Element} T
 * @param {Kind<T>} kind
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T}
 */
export function get(kind, selector, root = document) {
  const element = find(kind, selector, root);
  if (!element) throw new TypeError(`No ${kind.name} is ${selector}`);
  return element;
}

/**
 * All that a selector finds.
 * @template {Element} T
 * @param {Kind<T>} kind
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {T[]}
 */
export function all(kind, selector, root = document) {
  return [...root.querySelectorAll(selector)].flatMap((element) =>
    element instanceof kind ? [element] : [],
  );
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * The element that an event happened to or in, as a selector finds it.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function at(event, selector) {
  const element = event.target instanceof Element ? event.target.closest(selector) : null;
  return element instanceof HTMLElement ? element : null;
}

/**
 * @param {Element | null} element
 * @returns {element is Field}
 */
export function isField(element) {
  return (
    element instanceof HTMLInputElement ||
    element instanceof HTMLSelectElement ||
    element instanceof HTMLTextAreaElement
  );
}

/**
 * The field of a form that has this name, where it is an input.
 * @param {HTMLFormElement} form
 * @param {string} name
 */
export function hiddenInput(form, name) {
  const input = form.elements.namedItem(name);
  return input instanceof HTMLInputElement ? input : null;
}

/**
 * Markup that the server sent, as a document of its own.
 * @param {string} markup
 */
export const parsed = (markup) => new DOMParser().parseFromString(markup, "text/html");
