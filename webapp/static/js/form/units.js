// Units of amounts of money: so many yen, a one with noughts, so that from one to another only the point moves.

import { hiddenInput } from "../shared/dom.js";
import { moved } from "./numbers.js";

/** @param {string} yen as many as the unit has */
export const digitsOf = (yen) => Math.max(0, yen.length - 1);

/** @param {HTMLFormElement} form */
export const unitOf = (form) => hiddenInput(form, "figures_unit")?.value || "1";

/** @param {HTMLElement} field */
export const isFigure = (field) => field.dataset.digits !== undefined;

/**
 * What was typed in one unit, in another: the same yen. What is no number stays as it is.
 * @param {string} text
 * @param {string} from
 * @param {string} to
 */
export function inUnit(text, from, to) {
  const number = from === to ? null : moved(text, digitsOf(from) - digitsOf(to));
  return number === null ? text : number.replace("▲", "-");
}
