// What is typed while the next cell is on its way: text is kept for it, keys wait for their turn.

import { isCommand, isOfTheIme } from "../shared/keyboard.js";
import { Pausing } from "../shared/pausing.js";
import { HoldingField } from "./holding_field.js";

const ENDS = ["Tab", "Enter", "Escape"];
const EMPTIES = ["Backspace", "Delete"];
const EDITS = ["i", "F2", "Enter"];
const MODIFIERS = ["Shift", "Control", "Alt", "Meta"];

/**
 * What was typed for a cell, and the key that ended it: none while it is typed; or, outside of any cell, a key.
 * @typedef {{ text: string, isEmptied: boolean, key: string, shiftKey: boolean, ctrlKey: boolean }} Step
 */

export class HeldKeys {
  #field = new HoldingField(
    (event) => this.#heed(event),
    () => this.#isHeld && this.drop(),
  );
  /** @type {Step[]} */
  #steps = [];
  #isEmptied = false;
  #isText = true;
  #isHeld = false;
  #pausing = new Pausing();
  /** @type {HTMLTableCellElement | null} whose text is kept, though its turn has not come */
  #later = null;

  get isHeld() {
    return this.#isHeld;
  }

  /**
   * Take the keyboard until a cell can be typed into; or, where none is opened, until it is known what became of one.
   * @param {HTMLTableCellElement} cell
   * @param {boolean} isText whether what comes is text for the cell
   */
  hold(cell, isText) {
    if (this.#later && this.#later !== cell) this.#clear();
    if (!this.#isHeld && !this.#later) this.#isText = isText;
    this.#later = null;
    this.#isHeld = true;
    this.#field.show(this.#isText);
    this.#field.open(cell);
  }

  /** Give the keyboard back, and forget what was typed. */
  drop() {
    this.#clear();
    this.#end();
  }

  /**
   * Give the keyboard back, and keep what was typed until this cell's turn comes after all.
   * @param {HTMLTableCellElement} cell
   */
  putOff(cell) {
    this.#later = cell;
    this.#end();
  }

  paused() {
    return this.#pausing.wait(() => this.#isHeld);
  }

  converted() {
    return this.#field.converted();
  }

  /**
   * What was typed for the cell that is there now; the keyboard stays held where a key ended it.
   * @returns {Step}
   */
  take() {
    const step = this.#steps.shift() ?? this.#step("");
    if (!step.key) this.drop();
    return step;
  }

  /** Let the keys that were pressed outside of any cell do what they do. */
  release() {
    this.#end();
    for (let step = this.#steps.shift(); step; step = this.#steps.shift()) {
      const { key, shiftKey } = step;
      const target = document.activeElement ?? document.body;
      target.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
      // What follows is for the cell that it opens.
      if (this.#isHeld) return;
    }
    this.#clear();
  }

  #clear() {
    this.#steps = [];
    this.#later = null;
    this.#next();
  }

  #next() {
    this.#field.empty();
    this.#isEmptied = false;
  }

  #end() {
    this.#isHeld = false;
    this.#field.close();
  }

  /**
   * @param {string} key
   * @param {{ shiftKey?: boolean, ctrlKey?: boolean }} [modifiers]
   * @returns {Step}
   */
  #step(key, { shiftKey = false, ctrlKey = false } = {}) {
    return { text: this.#field.text, isEmptied: this.#isEmptied, key, shiftKey, ctrlKey };
  }

  /** @param {KeyboardEvent} event */
  #heed(event) {
    this.#pausing.note();
    if (isOfTheIme(event)) return;
    if (this.#isText) this.#heedText(event);
    else if (!(event.ctrlKey || event.metaKey || event.altKey)) this.#heedKey(event);
  }

  /** @param {KeyboardEvent} event */
  #heedText(event) {
    const { key, shiftKey } = event;
    const isSaved = isCommand(event, "s");
    // What stands in the cell is chosen when it opens: the first of these keys empties it.
    if (EMPTIES.includes(key) && !this.#field.text) this.#isEmptied = true;
    if (!ENDS.includes(key) && !isSaved) return;
    event.preventDefault();
    this.#steps.push(this.#step(key, { shiftKey, ctrlKey: isSaved }));
    this.#next();
    this.#isText = key === "Tab";
    if (this.#isText) this.#field.goOn(shiftKey ? -1 : 1);
    this.#field.show(this.#isText);
  }

  /** @param {KeyboardEvent} event */
  #heedKey(event) {
    event.preventDefault();
    event.stopPropagation();
    if (MODIFIERS.includes(event.key)) return;
    this.#next();
    this.#steps.push(this.#step(event.key, event));
    this.#isText = EDITS.includes(event.key);
  }
}
