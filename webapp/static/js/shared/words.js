// Words come from the page, in its language.

/**
 * A name and its value, with the colon of the page's language.
 * @param {string} name
 * @param {string} value
 */
export const pair = (name, value) =>
  document.documentElement.lang === "ja" ? `${name}：${value}` : `${name}: ${value}`;

/**
 * What an element carries as data-…, or nothing.
 * @param {HTMLElement | null | undefined} element
 * @param {string} name
 */
export const word = (element, name) => element?.dataset[name] ?? "";

/**
 * A sentence with its {} filled.
 * @param {string} sentence
 * @param {string | number} value
 */
export const filled = (sentence, value) => sentence.replace("{}", () => String(value));

/**
 * A number as the page's language writes it.
 * @param {number} number
 */
export const written = (number) => number.toLocaleString(document.documentElement.lang);
