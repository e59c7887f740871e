// Until typing pauses: whoever is called back in the middle of a word would finish it in another field.

const PAUSE = 500;

export class Pausing {
  #last = 0;

  note() {
    this.#last = Date.now();
  }

  /** @param {() => boolean} isTyping */
  async wait(isTyping) {
    for (let rest = 1; isTyping() && rest > 0; ) {
      rest = this.#last + PAUSE - Date.now();
      await new Promise((resolve) => {
        setTimeout(resolve, rest);
      });
    }
  }
}
