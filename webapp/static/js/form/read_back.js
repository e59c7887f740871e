// A number is read back beside its field while it is typed, as the server will understand it.

import { all, make } from "../shared/dom.js";
import { word } from "../shared/words.js";
import { moved, plain, scaleOf, understood } from "./numbers.js";

/** @param {HTMLInputElement} field */
function sentence(field) {
  const text = plain(field.value);
  if (text === "") return { isBad: false, text };
  const number = understood(field.value, scaleOf(field));
  if (number === null) return { isBad: true, text: word(field.form, "notANumber") };
  const digits = Number(field.dataset.digits ?? 0);
  if (digits > 0) return { isBad: false, text: `= ${moved(number, digits)} ${word(field, "yen")}` };
  return { isBad: false, text: number === text ? "" : `= ${number} ${word(field, "unit")}` };
}

/** @param {HTMLInputElement} field */
function readBack(field) {
  const output = make("output", { className: "understood" });
  output.htmlFor.value = field.id;
  (field.closest(".with-unit") ?? field).after(output);
  const show = () => {
    const { isBad, text } = sentence(field);
    output.classList.toggle("bad", isBad);
    output.textContent = text;
  };
  field.addEventListener("input", show);
  show();
}

/** @param {ParentNode} root */
export function readBackNumbers(root) {
  for (const field of all(HTMLInputElement, "input[data-number]", root)) readBack(field);
}
