// Questions to the server. Who is signed out, or offline, gets no answer.

import { parsed } from "./dom.js";

/**
 * What the server answers, or null where nothing came back.
 * @param {string | URL} address
 * @param {RequestInit} [options]
 * @returns {Promise<Response | null>}
 */
export const ask = (address, options = {}) => fetch(address, options).catch(() => null);

/**
 * JSON, or null where the server gave none: it was not reached, refused, or sent to the sign-in page.
 * @param {string | URL} address
 * @param {AbortSignal} [signal]
 */
export async function askForJson(address, signal) {
  const answer = await ask(address, { headers: { Accept: "application/json" }, signal });
  return answer?.ok && !answer.redirected ? answer.json().catch(() => null) : null;
}

/**
 * A page or a piece of one, or null where the server gave none.
 * @param {string | URL} address
 * @returns {Promise<Document | null>}
 */
export async function askForPage(address) {
  const answer = await ask(address, { headers: { Accept: "text/html" } });
  if (!answer?.ok || answer.redirected) return null;
  return parsed(await answer.text());
}
