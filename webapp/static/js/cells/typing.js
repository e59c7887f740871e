// What was typed before its field was there, put into it.

/** @import { Field } from "../shared/dom.js" */

const DAY = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/u;

/** @param {string} text */
const plain = (text) => text.normalize("NFKC").trim().toLowerCase();

/**
 * As a browser chooses by letters that are typed on a list of options.
 * @param {HTMLSelectElement} select
 * @param {string} text
 */
function choose(select, text) {
  const option = [...select.options].find((one) => text && plain(one.text).startsWith(plain(text)));
  if (option) select.value = option.value;
}

/**
 * The day that was typed, as its input wants it; blank where it is none.
 * @param {string} text
 */
function day(text) {
  const [year, month, date] = DAY.exec(plain(text))?.slice(1) ?? [];
  return year ? `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}` : "";
}

/**
 * @param {Field} field
 * @param {string} text
 */
export function fill(field, text) {
  if (field instanceof HTMLSelectElement) choose(field, text);
  else field.value = field.type === "date" ? day(text) : text;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}
