// What is changed is kept in this browser until it is stored, and offered when the form is opened again.

import { all, get, hiddenInput, make } from "../shared/dom.js";
import { forget, read, write } from "../shared/drafts.js";
import { moment } from "../shared/moments.js";
import { filled, word } from "../shared/words.js";
import { type } from "./typed.js";
import { inUnit, isFigure, unitOf } from "./units.js";

/** @import { Kept } from "../shared/drafts.js" */
/** @import { Typed } from "./typed.js" */

const PAUSE = 400;

export class Draft {
  #typed;
  /** @type {number | undefined} */
  #wait;
  /** @type {Kept | null} what is offered and neither taken nor thrown away */
  #offered = null;

  /** @param {Typed} typed */
  constructor(typed) {
    this.#typed = typed;
  }

  /** @param {boolean} isSent */
  store(isSent) {
    clearTimeout(this.#wait);
    // What is still offered is not saved by this: it is offered again.
    write(this.#typed.key, isSent && this.#offered ? this.#offered : this.#now(isSent));
  }

  /**
   * Keep it once typing pauses; where nothing is changed there is nothing to keep.
   * @param {boolean} isChanged
   */
  keepSoon(isChanged) {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => {
      if (isChanged) this.store(false);
      else if (!this.#offered) forget(this.#typed.key);
    }, PAUSE);
  }

  /**
   * Offer what was kept where it is not what the form holds.
   * @param {() => void} onRestored
   */
  offer(onRestored) {
    // Shown again after a refusal the form holds it, and it is not stored.
    const kept = this.#typed.isRepeat ? null : read(this.#typed.key);
    if (!kept) return;
    const { values } = this.#typed;
    const differs = Object.entries(kept.values).some(([name, value]) => value !== (values[name] ?? ""));
    if (!differs) forget(this.#typed.key);
    else this.#ask(kept, onRestored);
  }

  /**
   * @param {boolean} isSent
   * @returns {Kept}
   */
  #now(isSent) {
    const { form, version, changedValues } = this.#typed;
    return {
      token: hiddenInput(form, "save_token")?.value ?? "",
      storedAs: word(form, "storedAs"),
      isSent,
      version: this.#offered?.version ?? version,
      when: Date.now(),
      address: location.pathname + location.search,
      title: get(HTMLElement, "h1").textContent.trim(),
      unit: unitOf(form),
      values: { ...(this.#offered && this.#inUnitNow(this.#offered)), ...changedValues },
    };
  }

  /**
   * @param {Kept} kept
   * @param {() => void} onRestored
   */
  #ask(kept, onRestored) {
    const { form, version } = this.#typed;
    const sentences = [filled(word(form, "restore"), moment(kept.when))];
    if (kept.version !== version) sentences.push(word(form, "restoreMoved"));
    const restore = make("button", {
      type: "button",
      className: "btn",
      textContent: word(form, "restoreDo"),
    });
    const drop = make("button", { type: "button", className: "btn", textContent: word(form, "restoreDrop") });
    const sentence = make("p", { textContent: sentences.join(" ") });
    const notice = make("div", { className: "notice warn" }, sentence, restore, drop);
    notice.setAttribute("role", "status");
    this.#offered = kept;
    const end = () => {
      this.#offered = null;
      notice.remove();
    };
    restore.addEventListener("click", () => {
      end();
      this.#restore(kept);
      onRestored();
    });
    drop.addEventListener("click", () => {
      end();
      forget(this.#typed.key);
      this.keepSoon(this.#typed.changed.length > 0);
    });
    (form.closest(".with-aside") ?? form).before(notice);
  }

  /**
   * The figures of a draft in the unit that the form has now.
   * @param {Kept} kept
   */
  #inUnitNow({ values, unit }) {
    const { fields, form } = this.#typed;
    const named = new Map(fields.map((field) => [field.name, field]));
    const entries = Object.entries(values).map(([name, text]) => {
      const field = named.get(name);
      return [name, field && isFigure(field) ? inUnit(text, unit ?? "1", unitOf(form)) : text];
    });
    return Object.fromEntries(entries);
  }

  /**
   * Only what was changed then, beside the version of then: what others have saved since stays, or is asked about.
   * @param {Kept} kept
   */
  #restore(kept) {
    const { version, token, storedAs, isSent } = kept;
    const typed = this.#typed;
    typed.goBackTo(version);
    const sent = hiddenInput(typed.form, "save_token");
    // Whether it arrived nobody knows; under its own token it is one change.
    if (isSent && sent) {
      sent.value = token;
      typed.form.dataset.storedAs = storedAs;
    }
    const fields = typed.fields.filter((field) => Object.hasOwn(kept.values, field.name));
    // The unit first: in which the figures are typed.
    for (const isAmount of [false, true]) {
      const values = this.#inUnitNow(kept);
      for (const field of fields) {
        if (isFigure(field) !== isAmount) continue;
        type(field, values[field.name]);
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    for (const box of all(HTMLElement, "[data-lookup-url]", typed.form)) {
      const [key, name] = all(HTMLInputElement, "[name]", box);
      if (!Object.hasOwn(kept.values, key.name)) continue;
      box.dispatchEvent(new CustomEvent("choose", { detail: { value: key.value, label: name.value } }));
    }
    for (const field of fields) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
