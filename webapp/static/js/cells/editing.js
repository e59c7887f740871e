// Cells edited where they stand: the server gives the field, Enter saves, Tab goes on, Escape gives up.

import { below, cellFrom, focus } from "../list/cell_walk.js";
import { get } from "../shared/dom.js";
import { Editor } from "./editor.js";
import { meaning } from "./keys.js";
import { sayFailure } from "./notices.js";
import { fetchForm, send } from "./saving.js";
import { nameOf, show } from "./table.js";

/** @import { HeldKeys, Step } from "../list/held_keys.js" */

/** @type {Editor | null} */
let editor = null;
/** @type {HeldKeys} */
let keyboard;
let turn = 0;

/**
 * @param {HTMLTableCellElement} cell
 * @param {HeldKeys} held which hold the keyboard for it
 */
export async function edit(cell, held) {
  keyboard = held;
  if (!nameOf(cell) || editor?.cell === cell || !(await leave())) {
    held.drop();
    return;
  }
  turn += 1;
  const mine = turn;
  const form = await fetchForm(cell);
  await held.converted();
  // Another cell was asked for meanwhile, or the reader has gone elsewhere.
  if (mine !== turn || !held.isHeld) return;
  if (typeof form !== "string") open(cell, form);
  else {
    sayFailure(form);
    focus(cell);
    held.drop();
  }
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
    return finish(opened, cell);
  });
  get(HTMLElement, "[data-cancel]", form).addEventListener("click", () => giveUp(opened));
  // The list has its own use for clicks and keys in a row, and a bar for what changes in its form.
  for (const kind of ["click", "dblclick", "change"]) {
    form.addEventListener(kind, (event) => event.stopPropagation());
  }
  start(opened, keyboard.take());
}

/**
 * Begin with what was typed while it was on its way; what is chosen by typing waits to be chosen.
 * @param {Editor} opened
 * @param {Step} step
 */
function start(opened, step) {
  opened.show(step);
  if (!step.key) return;
  if (opened.select && step.text) {
    keyboard.drop();
    opened.attend();
  } else opened.form.dispatchEvent(new KeyboardEvent("keydown", { ...step, cancelable: true }));
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
  if (keyboard.isHeld) keyboard.release();
}

/**
 * @param {KeyboardEvent} event
 * @param {Editor} opened
 */
function onKey(event, opened) {
  const wish = meaning(event, opened);
  // Letters on its buttons are no commands to the list.
  if (event.target instanceof HTMLButtonElement && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  if (!wish) return;
  event.preventDefault();
  const { cell } = opened;
  if (wish === "give up") giveUp(opened);
  else if (wish === "save") finish(opened, cell);
  else if (wish === "below" || wish === "above")
    finish(opened, below(cell, wish === "above" ? -1 : 1) ?? cell);
  else goOn(opened, wish === "previous" ? -1 : 1);
}

/**
 * Save, and stand on a cell: that one, or the one below.
 * @param {Editor} opened
 * @param {HTMLTableCellElement} cell
 */
async function finish(opened, cell) {
  keyboard.hold(cell, false);
  if (!(await save(opened))) keyboard.drop();
  else arrive(cell);
}

/** @param {HTMLTableCellElement} cell */
function arrive(cell) {
  // Who has gone elsewhere meanwhile stays there.
  if (!keyboard.isHeld) return;
  focus(cell);
  keyboard.release();
}

/**
 * @param {Editor} opened
 * @param {number} step
 */
async function goOn({ cell }, step) {
  const next = cellFrom(cell, step);
  keyboard.hold(next ?? cell, next !== undefined);
  if (!(await leave())) keyboard.putOff(next ?? cell);
  else if (next) await edit(next, keyboard);
  else arrive(cell);
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
  opened.saving ??= send(opened, () => editor === opened, close, keyboard).finally(() => {
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
