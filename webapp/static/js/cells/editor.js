// The editor of one cell: a form of the server's that lies over the cell.

import { readBackNumbers } from "../form/read_back.js";
import { reveal } from "../list/cell_walk.js";
import { enhance } from "../lookups/lookup.js";
import { find, get, isField, make, parsed } from "../shared/dom.js";
import { word } from "../shared/words.js";
import { rowOf } from "./table.js";
import { fill } from "./typing.js";

/** @import { Step } from "../list/held_keys.js" */
/** @import { Saved } from "./table.js" */
/** @typedef {{ version: number, theirs: string }} Conflict */
/** @typedef {{ url: string, label: string }} Link */

const EDGE = 8;

/**
 * The field's place, not below an edge of the window as far as it has room.
 * @param {number} wanted
 * @param {number} most
 */
const within = (wanted, most) => Math.max(EDGE, Math.min(wanted, most - EDGE));

/**
 * Words of a button whose drawing stays.
 * @param {HTMLElement} button
 * @param {string} label
 */
function rename(button, label) {
  for (const part of button.childNodes) if (part instanceof Text && part.data.trim()) part.data = label;
}

export class Editor {
  /** @type {Saved | null} what somebody else has saved meanwhile */
  theirs = null;
  /** @type {boolean} whether the session has changed since the editor was opened */
  isOfOldSession = false;
  /** @type {Promise<boolean> | null} */
  saving = null;
  #opened;

  /**
   * @param {HTMLTableCellElement} cell
   * @param {HTMLFormElement} form
   */
  constructor(cell, form) {
    this.cell = cell;
    this.form = form;
    this.version = word(rowOf(cell), "v");
    this.said = get(HTMLElement, ".cell-said", form);
    const field = get(HTMLElement, "select, textarea, input:not([type=hidden])", form);
    if (!isField(field)) throw new TypeError("An editor has no field");
    field.setAttribute(
      "aria-describedby",
      `${field.getAttribute("aria-describedby") ?? ""} ${this.said.id}`.trim(),
    );
    form.popover = "manual";
    getSelection()?.removeAllRanges();
    cell.append(form);
    const lookup = field.closest("[data-lookup-url]");
    this.select = lookup instanceof HTMLElement ? enhance(lookup) : null;
    this.field = this.select?.control_input ?? field;
    readBackNumbers(form);
    this.#opened = this.typed;
  }

  get typed() {
    const values = [...new FormData(this.form)].map(([name, value]) => [name, String(value)]);
    return new URLSearchParams(values).toString();
  }

  get hasLinks() {
    return this.said.querySelector("a") !== null;
  }

  get isChanged() {
    return this.typed !== this.#opened;
  }

  /** @param {Step} step what was typed already */
  show(step) {
    this.form.showPopover();
    reveal(this.cell);
    this.attend();
    if (step.text || step.isEmptied) fill(this.field, step.text);
    else if (!(this.field instanceof HTMLSelectElement)) this.field.select();
  }

  /** The editor lies over its cell, as far as the window has room. */
  place() {
    const { form } = this;
    const cell = this.cell.getBoundingClientRect();
    form.style.minWidth = `${Math.min(cell.width, innerWidth - 2 * EDGE)}px`;
    form.style.left = `${within(cell.left, innerWidth - form.offsetWidth)}px`;
    form.style.top = `${within(cell.top, innerHeight - form.offsetHeight)}px`;
  }

  close() {
    this.select?.destroy();
    this.form.remove();
  }

  attend() {
    this.place();
    this.field.focus({ preventScroll: true });
  }

  /** @param {boolean} isBusy */
  wait(isBusy) {
    if (isBusy) this.form.setAttribute("aria-busy", "true");
    else this.form.removeAttribute("aria-busy");
    if (!(this.field instanceof HTMLSelectElement)) this.field.readOnly = isBusy;
  }

  /**
   * The reason stands at the field, which still holds what was typed.
   * @param {string} sentence
   * @param {boolean} isWrong
   * @param {Link[]} links where more is to be done or seen, beside this page
   */
  refuse(sentence, isWrong, links = []) {
    if (isWrong) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
    this.said.textContent = sentence;
    for (const { url, label } of links) {
      const link = make("a", { href: url, target: "_blank", rel: "noopener" }, label);
      this.said.append(" ", link);
    }
    const hint = find(HTMLElement, ".hint", this.form);
    // A finding may say the hint once more; then the hint is not needed.
    if (hint) hint.hidden = hint.textContent.trim() === sentence;
    this.attend();
  }

  /**
   * Somebody else was faster: show what they saved; saving again takes its place, giving up leaves it.
   * @param {Saved} news
   * @param {Conflict} conflict
   */
  ask(news, conflict) {
    this.theirs = news;
    this.version = String(conflict.version);
    this.refuse(`${word(this.form, "moved")} ${news.said}`, false);
    const theirs = parsed(conflict.theirs).body.textContent.trim();
    const value = make("ins", { textContent: theirs || word(this.form, "empty") });
    this.said.append(make("p", {}, `${word(this.form, "theirs")}: `, value));
    for (const [selector, label] of [
      ["[type=submit]", "saveMine"],
      ["[data-cancel]", "keepTheirs"],
    ]) {
      const button = get(HTMLElement, selector, this.form);
      button.tabIndex = 0;
      rename(button, word(this.form, label));
    }
    this.attend();
  }
}
