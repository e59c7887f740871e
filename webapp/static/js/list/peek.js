// A look at one record beside its list.

import { open } from "../page/dialogs.js";
import { askForPage } from "../shared/asking.js";
import { find, get } from "../shared/dom.js";

/**
 * @param {HTMLElement} drawer
 * @param {Document} page
 */
function fill(drawer, page) {
  get(HTMLElement, "h2", drawer).textContent = page.querySelector("h1")?.textContent.trim() ?? "";
  get(HTMLElement, ".stack", drawer).replaceChildren(...page.querySelectorAll("#main .with-aside .panel"));
}

/**
 * @param {HTMLElement} drawer
 * @param {HTMLAnchorElement} record
 * @param {HTMLAnchorElement | null} editable
 */
function link(drawer, record, editable) {
  get(HTMLAnchorElement, "[data-peek-open]", drawer).href = record.href;
  const edit = get(HTMLAnchorElement, "[data-peek-edit]", drawer);
  edit.hidden = !editable;
  if (editable) edit.href = editable.href;
}

/** @param {HTMLElement | undefined} row */
export async function look(row) {
  const drawer = document.getElementById("peek");
  const record = row && find(HTMLAnchorElement, "a.name", row);
  if (!record || !drawer) return;
  const page = await askForPage(record.href);
  if (!page) {
    location.assign(record.href);
    return;
  }
  fill(drawer, page);
  link(drawer, record, find(HTMLAnchorElement, "[data-edit]", row));
  open(drawer);
}
