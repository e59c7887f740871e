// Cells edited where they stand: the server gives the field, Enter saves, Tab goes on, Escape gives up.

import { ask } from "../shared/asking.js";
import { find, get, parsed } from "../shared/dom.js";
import { isCommand, isOfTheIme } from "../shared/keyboard.js";
import { word } from "../shared/words.js";
import { Editor } from "./editor.js";
import { sayFailure } from "./notices.js";
import { ASKED, reason, send } from "./saving.js";
import { address, cellFrom, focus, nameOf, show, table } from "./table.js";

/** @type {Editor | null} */
let editor = null;
let turn = 0;

/** @param {HTMLTableCellElement} cell */
export async function edit(cell) {
  if (!nameOf(cell) || editor?.cell === cell || !(await leave())) return;
  turn += 1;
  const mine = turn;
  const answer = await ask(address(cell), { headers: ASKED });
  const markup = answer?.ok ? await answer.text().catch(() => "") : "";
  const form = find(HTMLFormElement, "form", parsed(markup));
  // Another cell was asked for meanwhile.
  if (mine !== turn) return;
  if (form) open(cell, form);
  else sayFailure(await reason(answer, word(table, "cellsLost")));
}

/**
 * @param {HTMLTableCellElement} cell
 * @param {HTMLFormElement} form
 */
function open(cell, form) {
  const opened = new Editor(cell, form);
  editor = opened;
  form.addEventListener("keydown", (event) => onKey(event, opened));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    return finish(opened);
  });
  get(HTMLElement, "[data-cancel]", form).addEventListener("click", () => giveUp(opened));
  // The list has its own use for clicks and keys in a row, and a bar for what changes in its form.
  for (const kind of ["click", "dblclick", "change"]) {
    form.addEventListener(kind, (event) => event.stopPropagation());
  }
  opened.show();
}

function close() {
  editor?.close();
  editor = null;
}

/**
 * Leave what is stored; after a conflict that is what somebody else has saved.
 * @param {Editor} left
 */
function giveUp({ cell, theirs }) {
  close();
  if (theirs) show(cell, theirs);
  focus(cell);
}

/**
 * @param {KeyboardEvent} event
 * @param {Editor} opened
 */
function onKey(event, opened) {
  if (isOfTheIme(event) || event.defaultPrevented) return;
  const isButton = event.target instanceof HTMLButtonElement;
  // Its letters are no commands to the list.
  if (isButton && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  // With Shift a long text gets a new line.
  const isEnter = event.key === "Enter" && !isButton && !event.shiftKey;
  if (event.key === "Escape") giveUp(opened);
  else if (isEnter || isCommand(event, "s")) finish(opened);
  else if (event.key === "Tab" && !opened.theirs) goOn(opened, event.shiftKey ? -1 : 1);
  else return;
  event.preventDefault();
}

/** @param {Editor} opened */
async function finish(opened) {
  if (await save(opened)) focus(opened.cell);
}

/**
 * @param {Editor} opened
 * @param {number} step
 */
async function goOn({ cell }, step) {
  const next = cellFrom(cell, step);
  if (!(await leave())) return;
  if (next) await edit(next);
  else focus(cell);
}

/** Whether the editor is closed now: nothing was typed, or it is saved. Who lost a race decides for themselves. */
async function leave() {
  if (!editor) return true;
  if (editor.theirs) return false;
  if (editor.saving || editor.isChanged) return await save(editor);
  close();
  return true;
}

/** @param {Editor} opened */
function save(opened) {
  opened.saving ??= send(opened, () => editor === opened, close).finally(() => {
    opened.saving = null;
  });
  return opened.saving;
}

/** Heed what happens around an editor. */
export function guardEditor() {
  document.addEventListener("pointerdown", ({ target }) => {
    if (editor && !(target instanceof Node && editor.form.contains(target))) leave();
  });
  const place = () => editor?.place();
  document.addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);
  addEventListener("beforeunload", (event) => {
    if (editor?.isChanged) event.preventDefault();
  });
}
