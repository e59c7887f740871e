// A form of one record: changed fields marked, unsaved work kept, sent once, numbers read back, references looked up.

import "./shell.js";
import { showChanges } from "./form/changes.js";
import { checkOnLeaving } from "./form/checking.js";
import { offerChoices } from "./form/conflicts.js";
import { Draft } from "./form/draft.js";
import { heedFigures } from "./form/figures.js";
import { fillMonths } from "./form/months.js";
import { pasteColumns } from "./form/pasting.js";
import { readBackNumbers } from "./form/read_back.js";
import { markSections } from "./form/sections.js";
import { Sending } from "./form/sending.js";
import { Typed } from "./form/typed.js";
import { beginInForm, walkSections } from "./form/walking.js";
import { enhance } from "./lookups/lookup.js";
import { all, find } from "./shared/dom.js";

/** @param {HTMLFormElement} record */
function guard(record) {
  const typed = new Typed(record);
  const draft = new Draft(typed);
  const show = () => showChanges(typed);
  for (const kind of ["input", "change"]) {
    record.addEventListener(kind, () => draft.keepSoon(show().length > 0));
  }
  new Sending(typed, draft).start();
  heedFigures(record);
  fillMonths(record);
  pasteColumns(record);
  checkOnLeaving(record);
  draft.offer(show);
  show();
  offerChoices(record);
}

readBackNumbers(document);
const form = find(HTMLFormElement, "form[data-guard]");
if (form) guard(form);
find(HTMLElement, "[data-errors]")?.focus();
markSections();
for (const box of all(HTMLElement, "[data-lookup-url]")) enhance(box);
if (form) {
  walkSections(form);
  beginInForm(form);
}
