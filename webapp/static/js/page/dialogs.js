// Dialogs: what opens them, and a click beside one closes it.

import { all } from "../shared/dom.js";
import { pressedOn } from "../shared/pointer.js";
import { word } from "../shared/words.js";

/** @param {Element | null} dialog */
export function open(dialog) {
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new Event("opened"));
}

export function openDialogs() {
  for (const opener of all(HTMLElement, "[data-opens]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => {
      opener.closest("details.menu")?.removeAttribute("open");
      open(document.getElementById(word(opener, "opens")));
    });
  }
  for (const dialog of all(HTMLDialogElement, "dialog")) {
    dialog.addEventListener("click", (event) => {
      // Text that is marked in it may end beside it.
      if (event.target === dialog && pressedOn() === dialog) dialog.close();
    });
  }
}
