// The Japanese era of a date, beside its input.

const { lang } = document.documentElement;
const eraYear = new Intl.DateTimeFormat(`${lang}-u-ca-japanese`, {
  era: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** @param {Date | null} day */
function yearOf(day) {
  // Before 1873 Japan had another calendar.
  if (!day || day.getUTCFullYear() < 1873) return "";
  if (lang === "ja") return eraYear.format(day);
  const parts = eraYear.formatToParts(day);
  const [era, year] = ["era", "year"].map((kind) => parts.find(({ type }) => type === kind)?.value ?? "");
  return `${era} ${year}`;
}

export function sayEras() {
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.type !== "date") return;
    const hint = target.nextElementSibling;
    if (hint?.matches("output.era")) hint.textContent = yearOf(target.valueAsDate);
  });
}
