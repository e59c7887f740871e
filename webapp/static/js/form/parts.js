// Forms within the form: one more, and one of the new ones less.

import { all, find, get } from "../shared/dom.js";
import { readBackNumbers } from "./read_back.js";

const NAMING = ["id", "for", "name", "data-field"];

/** @param {HTMLElement} group */
function nextName(group) {
  const last = find(HTMLFieldSetElement, ":scope > fieldset:last-of-type", group)?.dataset.part ?? -1;
  return `${group.id}-${Number(last) + 1}`;
}

/**
 * Put the part's name before each name within it.
 * @param {HTMLElement} part
 * @param {string} prefix
 */
function rename(part, prefix) {
  /** @param {string} name */
  const named = (name) => (name ? `${prefix}-${name}` : prefix);
  for (const element of all(Element, "*", part)) {
    for (const attribute of NAMING) {
      const name = element.getAttribute(attribute);
      if (name !== null) element.setAttribute(attribute, named(name));
    }
    const described = element.getAttribute("aria-describedby");
    if (described) element.setAttribute("aria-describedby", described.split(" ").map(named).join(" "));
  }
}

/** @param {HTMLElement} group */
function addPart(group) {
  const template = get(HTMLTemplateElement, ":scope > template", group);
  const part = get(HTMLFieldSetElement, "fieldset", document.importNode(template.content, true));
  const prefix = nextName(group);
  part.dataset.part = prefix.slice(group.id.length + 1);
  rename(part, prefix);
  readBackNumbers(part);
  get(HTMLElement, "[data-remove]", part).addEventListener("click", () => {
    part.remove();
    get(HTMLElement, ":scope > [data-add]", group).focus();
    group.closest("form")?.dispatchEvent(new Event("change"));
  });
  template.before(part);
  return part;
}

/**
 * Parts that a draft has and the page has not.
 * @param {HTMLFormElement} form
 * @param {string[]} names of the draft's fields
 */
export function addPartsFor(form, names) {
  for (const group of all(HTMLElement, "[data-inline]", form)) {
    const isOfNext = () => {
      const next = nextName(group);
      return names.some((name) => name === next || name.startsWith(`${next}-`));
    };
    while (isOfNext()) addPart(group);
  }
}

export function offerParts() {
  for (const group of all(HTMLElement, "[data-inline]")) {
    const add = get(HTMLElement, ":scope > [data-add]", group);
    add.hidden = false;
    add.addEventListener("click", () => {
      find(HTMLElement, "input:not([type=hidden]), select, textarea", addPart(group))?.focus();
    });
  }
}
