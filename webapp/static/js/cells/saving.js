// What was typed into a cell goes to the server, and what it answers is shown.

import { ask } from "../shared/asking.js";
import { find, get, parsed } from "../shared/dom.js";
import { released } from "../shared/pointer.js";
import { word } from "../shared/words.js";
import { saySaved } from "./notices.js";
import { address, show, table } from "./table.js";

/** @import { HeldKeys } from "../list/held_keys.js" */
/** @import { Conflict, Editor, Link } from "./editor.js" */
/** @import { Saved } from "./table.js" */

/** @typedef {Saved & { undo?: number | null, conflict?: Conflict }} News */

// The session has ended, or another one has begun.
const OF_SESSIONS = [401, 400];
const ASKED = { Accept: "application/json" };

/**
 * What an answer that is no success wants to say; `lost` where there is none.
 * @param {Response | null} answer
 * @param {string} lost
 * @returns {Promise<{ sentence: string, links: Link[] }>}
 */
async function reason(answer, lost) {
  const body = await answer?.json().catch(() => null);
  return { sentence: body?.errors?.join(" ") ?? body?.error?.message ?? lost, links: body?.links ?? [] };
}

/**
 * The editor of a cell as the server gives it, or why there is none.
 * @param {HTMLTableCellElement} cell
 */
export async function fetchForm(cell) {
  const answer = await ask(address(cell), { headers: ASKED });
  const markup = answer?.ok ? await answer.text().catch(() => "") : "";
  return (
    find(HTMLFormElement, "form", parsed(markup)) ?? (await reason(answer, word(table, "cellsLost"))).sentence
  );
}

/**
 * The token of whoever has signed in since, beside this page.
 * @param {Editor} editor
 */
async function takeToken({ cell, form }) {
  const fresh = await fetchForm(cell);
  if (typeof fresh === "string") return;
  const token = get(HTMLInputElement, "[name=csrf_token]", fresh).value;
  get(HTMLInputElement, "[name=csrf_token]", form).value = token;
}

/**
 * @param {Editor} editor
 * @returns {Promise<Response | null>}
 */
async function post(editor) {
  editor.wait(true);
  if (editor.isOfOldSession) await takeToken(editor);
  const body = new URLSearchParams(editor.typed);
  body.set("row_version", editor.version);
  return ask(address(editor.cell), { method: "POST", body, headers: ASKED });
}

/** @param {Response | null} answer */
const isKnown = (answer) => answer !== null && (answer.ok || answer.status === 409);

/**
 * Save what was typed; whether it is saved. The answer to an editor that is closed by then is nobody's.
 * @param {Editor} editor
 * @param {() => boolean} isOpen
 * @param {() => void} close
 * @param {HeldKeys} keyboard
 */
export async function send(editor, isOpen, close, keyboard) {
  const answer = await post(editor);
  /** @type {News | null} */
  const news = answer && isKnown(answer) ? await answer.json().catch(() => null) : null;
  await released();
  editor.wait(false);
  if (!(news && !news.conflict)) await keyboard.paused();
  if (!isOpen()) return false;
  const { cell, form } = editor;
  editor.isOfOldSession = answer !== null && OF_SESSIONS.includes(answer.status);
  if (!news) {
    const { sentence, links } = await reason(answer, word(form, "lost"));
    editor.refuse(sentence, answer?.status === 422, links);
  } else if (news.conflict) editor.ask(news, news.conflict);
  else {
    const token = new FormData(form).get("csrf_token");
    const words = { undoUrl: word(form, "undoUrl"), undo: word(form, "undo"), token: String(token) };
    close();
    show(cell, news);
    saySaved(news.said, news.undo, words);
    return true;
  }
  return false;
}
