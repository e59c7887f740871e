// Moments in Japan's time, as the server writes them (webapp/words/formatters.py).

// Sweden writes 2024-06-21 15:30.
const PARTS = { dateStyle: "short", timeStyle: "short", timeZone: "Asia/Tokyo" };

/** @param {number} milliseconds since 1970 */
export function moment(milliseconds) {
  const format = new Intl.DateTimeFormat("sv-SE", /** @type {Intl.DateTimeFormatOptions} */ (PARTS));
  const written = format.format(milliseconds);
  return document.documentElement.lang === "ja" ? written.replaceAll("-", "/") : written;
}
