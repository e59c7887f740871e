// Order by several columns: Shift and a click on a head adds its column, or turns it round where it is there.

import { at, find } from "../shared/dom.js";
import { word } from "../shared/words.js";

const MOST_LEVELS = 4;

/** @param {string} level */
const column = (level) => level.replace(/^-/u, "");

/** @param {MouseEvent} event */
function addLevel(event) {
  const head = at(event, "a");
  if (!(head instanceof HTMLAnchorElement && event.shiftKey)) return;
  event.preventDefault();
  const url = new URL(head.href);
  const name = column(url.searchParams.get("order") ?? "");
  const levels = word(head.closest("table"), "order").split(",");
  const place = levels.findIndex((level) => column(level) === name);
  if (place >= 0) levels[place] = levels[place] === name ? `-${name}` : name;
  else if (levels.length < MOST_LEVELS) levels.push(name);
  url.searchParams.set("order", levels.join(","));
  location.assign(url);
}

/**
 * The menu's selects and boxes, as the address has them.
 * @param {FormDataEvent} event
 */
function writeLevels({ formData }) {
  const down = new Set(formData.getAll("down"));
  const names = formData.getAll("order");
  const levels = names.map((name, place) => name && (down.has(String(place + 1)) ? `-${name}` : name));
  const given = levels.filter(Boolean);
  formData.delete("order");
  formData.delete("down");
  if (given.length) formData.set("order", given.join(","));
}

export function orderByColumns() {
  find(HTMLElement, "[data-order] thead")?.addEventListener("click", addLevel);
  find(HTMLFormElement, "form.sorting")?.addEventListener("formdata", writeLevels);
}
