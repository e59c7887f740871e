// Of a full year the period is the fiscal year: its days are typed once.

import { all } from "../shared/dom.js";

const YEAR = "FY";
const DAYS = [
  ["fiscal_year_start_on", "period_start_on"],
  ["fiscal_year_end_on", "period_end_on"],
];

/** @param {HTMLFormElement} form */
export function fillMonths(form) {
  const field = (/** @type {string} */ name) =>
    [...all(HTMLInputElement, "input", form), ...all(HTMLSelectElement, "select", form)].find(
      (one) => one.name === name,
    );
  const kind = field("period_type");
  if (!kind) return;

  const fill = () => {
    if (kind.value !== YEAR) return;
    for (const [from, to] of DAYS) {
      const [year, period] = [field(from), field(to)];
      // What somebody has typed stays.
      if (!year?.value || !period || period.value) continue;
      period.value = year.value;
      for (const event of ["input", "change"]) period.dispatchEvent(new Event(event, { bubbles: true }));
    }
  };
  kind.addEventListener("change", fill);
  // A day that is being typed is no day yet: its year goes through 0002 and 0020.
  for (const [from] of DAYS) field(from)?.addEventListener("blur", fill);
}
