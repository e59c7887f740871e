// The panel of filters: shown or not, applied at once, values counted, groups of which any condition is enough.

import { remember } from "../shared/cookies.js";
import { all, find } from "../shared/dom.js";
import { released } from "../shared/pointer.js";
import { applyAtOnce } from "./applying.js";
import { comeBack, focusAgain, takePlace } from "./coming_back.js";
import { count } from "./facets.js";
import { Groups } from "./groups.js";

/**
 * Buttons that show the panel where it has no room of its own.
 * @param {() => boolean} isShown
 * @param {() => void} onToggle
 */
function toggle(isShown, onToggle) {
  const { dataset } = document.documentElement;
  for (const button of all(HTMLButtonElement, "[data-toggles=filters]")) {
    const show = () => button.setAttribute("aria-expanded", String(isShown()));
    button.hidden = false;
    button.setAttribute("aria-controls", "filters");
    button.addEventListener("click", () => {
      dataset.filters = isShown() ? "off" : "on";
      remember("filters", dataset.filters);
      show();
      onToggle();
    });
    addEventListener("resize", show);
    show();
  }
}

export function filterRows() {
  const form = find(HTMLFormElement, "form[data-filters]");
  const panel = document.getElementById("filters");
  if (!form || !panel) return;
  const place = takePlace();
  const groups = new Groups(form, applyAtOnce(form, panel));
  const isShown = () => getComputedStyle(panel).display !== "none";
  // Conditions of groups are drawn once their questions have come, which may be after the counts or before them.
  const focusIfLost = () => {
    const isNowhere = !document.activeElement || document.activeElement === document.body;
    if (place && isNowhere) focusAgain(form, place);
  };
  let areCounted = false;
  const countOnce = async () => {
    if (areCounted || !form.dataset.facets || !isShown()) return;
    areCounted = true;
    if (!(await count(form))) return;
    await released();
    groups.refresh();
    focusIfLost();
  };
  groups.start().then(focusIfLost);
  toggle(isShown, countOnce);
  panel.addEventListener("toggle", countOnce);
  if (place) comeBack(form, panel, place);
  countOnce();
}
