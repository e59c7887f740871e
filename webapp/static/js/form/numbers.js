// Numbers as people type them: the grammar of webapp/words/numbers.py; a test holds them against each other.

const LONGEST = 60;
const SPACES = "\\s\\x1c-\\x1f\\x85";
const MINUSES = "\\-−‐‑‒–－△▲";
const TYPED = new RegExp(`^[\\x00-\\x7f${SPACES}${MINUSES}\\uff00-\\uffef]*$`, "u");
const AROUND = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "gu");
const PARENTHESES = /^\((.*)\)$/su;
const LED = new RegExp(`^([${MINUSES}+])(.*)$`, "su");
const SHAPE = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/u;

/** @param {string} text */
const strip = (text) => text.replace(AROUND, "");

/**
 * Typed text as it would be written in half-width characters, with nothing around it.
 * @param {string} text
 */
export const plain = (text) => strip(text.normalize("NFKC"));

/**
 * A number without what marks its sign.
 * @param {string} text
 */
function unsigned(text) {
  const inside = PARENTHESES.exec(text)?.[1];
  if (inside !== undefined) return { isNegative: true, rest: strip(inside) };
  const led = LED.exec(text);
  return { isNegative: led !== null && led[1] !== "+", rest: strip(led?.[2] ?? text) };
}

/**
 * The number that the server will read, grouped for the eye; null when it would refuse.
 * @param {string} typed
 * @param {number} scale how many decimals count
 */
export function understood(typed, scale) {
  const text = plain(typed);
  if ([...text].length > LONGEST || !TYPED.test(typed) || typed.includes("\ufeff")) return null;
  const { isNegative, rest } = unsigned(text);
  const parts = SHAPE.exec(rest);
  // A nought behind the last decimal that counts is none.
  const decimals = parts?.[2]?.replace(/0+$/u, "") ?? "";
  if (!parts || decimals.length > scale) return null;
  const digits = parts[1].replaceAll(",", "").replace(/^0+(?=\d)/u, "");
  const whole = digits.replace(/\B(?=(\d{3})+$)/gu, ",");
  const sign = isNegative && /[1-9]/u.test(digits + decimals) ? "▲" : "";
  return sign + whole + (decimals && `.${decimals}`);
}

/**
 * The number that was typed with its point so many digits further to the right, grouped for the eye; null where it is
 * none. No digit is lost: it is text all the way.
 * @param {string} typed
 * @param {number} digits
 */
export function moved(typed, digits) {
  const number = understood(typed, LONGEST);
  if (number === null) return null;
  const sign = number.startsWith("▲") ? "▲" : "";
  const [whole, part = ""] = number.replace("▲", "").replaceAll(",", "").split(".");
  const places = Math.max(0, part.length - digits);
  const all = (whole + part).padEnd(whole.length + digits, "0").padStart(places + 1, "0");
  const point = all.length - places;
  return understood(`${sign}${all.slice(0, point)}${places ? "." : ""}${all.slice(point)}`, LONGEST);
}

/**
 * How many decimals of a field count.
 * @param {HTMLElement} field
 */
export const scaleOf = (field) => Number(field.dataset.number || 0);
