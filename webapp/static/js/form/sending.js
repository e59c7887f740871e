// One click is one submission, by mouse or by Ctrl+S; whoever leaves unsaved work is asked first.

import { all, find, hiddenInput } from "../shared/dom.js";
import { isCommand, isOfTheIme } from "../shared/keyboard.js";

/** @import { Draft } from "./draft.js" */
/** @import { Typed } from "./typed.js" */

export class Sending {
  #typed;
  #draft;
  #token;
  /** @type {string | undefined} */
  #sentBefore;
  #isSent = false;

  /**
   * @param {Typed} typed
   * @param {Draft} draft
   */
  constructor(typed, draft) {
    this.#typed = typed;
    this.#draft = draft;
    this.#token = hiddenInput(typed.form, "save_token");
    // What was typed is there after Back, but the page is new, and so is its token: its place in the history
    // remembers the token that was sent.
    this.#sentBefore = typed.isRepeat ? undefined : history.state?.sentToken;
  }

  start() {
    const { form } = this.#typed;
    form.addEventListener("submit", (event) => this.#onSubmit(event));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && isOfTheIme(event)) event.preventDefault();
    });
    document.addEventListener("keydown", (event) => {
      if (!isCommand(event, "s") || isOfTheIme(event)) return;
      event.preventDefault();
      form.requestSubmit(find(HTMLButtonElement, ".save .btn.go", form));
    });
    // Coming back with Back makes the form usable again.
    addEventListener("pageshow", () => this.#allow(true));
    addEventListener("beforeunload", (event) => {
      if (!this.#isSent && (this.#typed.changed.length || this.#typed.isRepeat)) event.preventDefault();
    });
  }

  /** @param {boolean} isAllowed */
  #allow(isAllowed) {
    this.#isSent = !isAllowed;
    for (const button of all(HTMLElement, ".save button", this.#typed.form)) {
      if (isAllowed) button.removeAttribute("aria-disabled");
      else button.setAttribute("aria-disabled", "true");
    }
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    if (this.#isSent) {
      event.preventDefault();
      return;
    }
    this.#noteToken();
    this.#draft.store(true);
    this.#allow(false);
  }

  #noteToken() {
    if (!this.#token) return;
    const { changed, form, version } = this.#typed;
    // A stored record in which something else is typed now is another change.
    if (this.#sentBefore && (!version || !changed.length)) {
      this.#token.value = this.#sentBefore;
      form.dataset.storedAs = history.state?.storedAs ?? "";
    }
    const { storedAs } = form.dataset;
    history.replaceState({ ...history.state, sentToken: this.#token.value, storedAs }, "");
  }
}
