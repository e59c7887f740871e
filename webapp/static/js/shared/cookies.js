// What this browser remembers of how a page looks, for the server to draw it so at once.

const YEAR = 365 * 24 * 3600;

/**
 * @param {string} name
 * @param {string} value nothing forgets it
 */
export function remember(name, value) {
  const age = value ? YEAR : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is for secure contexts only
  document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}
