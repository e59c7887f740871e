// Keys of every page: Ctrl+K opens the palette, ? the list of keys, and a letter does what its element says.

import { find } from "../shared/dom.js";
import { isCommand, isDialogOpen, isOfTheIme, isTyping } from "../shared/keyboard.js";
import { open } from "./dialogs.js";

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (isCommand(event, "k") && !event.shiftKey && !isOfTheIme(event)) {
    event.preventDefault();
    open(document.getElementById("palette"));
    return;
  }
  if (isTyping(event) || event.ctrlKey || event.metaKey || isDialogOpen()) return;
  if (event.key === "?") {
    event.preventDefault();
    open(document.getElementById("keys"));
  } else if (!event.altKey) {
    const element = find(HTMLElement, `[data-key="${CSS.escape(event.key)}"]`);
    // What opens goes on from there by Tab.
    element?.focus();
    element?.click();
  }
}

export const heedKeys = () => document.addEventListener("keydown", onKey);
