// The panel is applied at once: what is changed there asks for the page anew.

import { released } from "../shared/pointer.js";
import { notePlace } from "./coming_back.js";

/** @param {FormDataEvent} event */
function leaveOutEmpty({ formData }) {
  for (const name of new Set(formData.keys())) {
    const given = formData.getAll(name).filter((value) => value !== "");
    formData.delete(name);
    for (const value of given) formData.append(name, value);
  }
}

/**
 * Heed what is changed in the panel; gives a function that applies it.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} panel
 */
export function applyAtOnce(form, panel) {
  let isGoing = false;
  let isDateChanged = false;
  const apply = async () => {
    // What is left by a press on something else is changed before that is clicked; what leads away goes first.
    const pressed = await released();
    if (pressed?.closest("a[href], [type=submit]")) return;
    // What was left by Tab has its focus on the next field only afterwards.
    setTimeout(() => isGoing || form.requestSubmit());
  };
  // Back to a page that was left by a change of its panel: the list is the old one, so the panel must be as well.
  addEventListener("pageshow", (event) => {
    if (event.persisted && isGoing) location.reload();
  });
  form.addEventListener("submit", () => {
    isGoing = true;
    notePlace(form, panel);
  });
  form.addEventListener("formdata", leaveOutEmpty);
  // A date is whole only when somebody leaves it: each of its digits is a change.
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "date") isDateChanged = true;
    else apply();
  });
  form.addEventListener("focusout", () => {
    if (isDateChanged) apply();
  });
  form.querySelector(".apply .btn:not(.bare)")?.classList.add("sr-until-focus");
  return apply;
}
