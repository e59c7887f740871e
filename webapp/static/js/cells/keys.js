// What a key in the editor of a cell means.

import { isCommand, isOfTheIme } from "../shared/keyboard.js";

/** @import { Editor } from "./editor.js" */
/** @typedef {"give up" | "save" | "below" | "above" | "next" | "previous"} Meaning */

/**
 * With Shift a long text gets a new line.
 * @param {KeyboardEvent} event
 * @param {Editor} editor
 * @returns {Meaning | null}
 */
function ofEnter({ target, shiftKey }, { field }) {
  if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) return null;
  if (shiftKey && field instanceof HTMLTextAreaElement) return null;
  return shiftKey ? "above" : "below";
}

/**
 * Nothing where the key is the field's, the button's or the IME's.
 * @param {KeyboardEvent} event
 * @param {Editor} editor
 * @returns {Meaning | null}
 */
export function meaning(event, editor) {
  if (isOfTheIme(event) || event.defaultPrevented) return null;
  if (isCommand(event, "s")) return "save";
  if (event.key === "Escape") return "give up";
  if (event.key === "Enter") return ofEnter(event, editor);
  if (event.key !== "Tab" || editor.theirs || editor.hasLinks) return null;
  return event.shiftKey ? "previous" : "next";
}
