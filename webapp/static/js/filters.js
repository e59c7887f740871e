// The panel of filters: applied at once, values of facets counted, groups of which any condition is enough.

import { remember } from "./shell.js";

const panel = document.getElementById("filters");
const form = document.querySelector("form[data-filters]");
const root = document.documentElement;
const BACK = "filters-back";
// A page that takes longer to come was turned to by something else.
const SOON = 15_000;
const argOf = (name) => name.replace(/^flt\d*(\.[a-z])?_/u, "");
const make = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

// ---- Applied at once ------------------------------------------------------------------------------------------
let isGoing = false;
// Back to a page that was left by a change of its panel: the list is the old one, so the panel must be as well.
addEventListener("pageshow", (event) => {
  if (event.persisted && isGoing) location.reload();
});

/** Where the focus is, said so that it is found on the page that comes. */
function placeOfFocus() {
  const at = document.activeElement;
  if (!form.contains(at)) return {};
  return { at: at.dataset.at, name: at.name, value: at.type === "checkbox" ? at.value : null };
}

function apply() {
  // What was left by Tab has its focus on the next field only afterwards.
  setTimeout(() => isGoing || form.requestSubmit());
}

form.addEventListener("submit", () => {
  isGoing = true;
  const open = panel.matches(":popover-open");
  const place = { path: location.pathname, when: Date.now(), open, top: panel.scrollTop, ...placeOfFocus() };
  sessionStorage.setItem(BACK, JSON.stringify(place));
});
// Only what was given goes into the address.
form.addEventListener("formdata", (event) => {
  for (const name of new Set(event.formData.keys())) {
    const given = event.formData.getAll(name).filter((value) => value !== "");
    event.formData.delete(name);
    for (const value of given) event.formData.append(name, value);
  }
});
// A date is whole only when somebody leaves it: each of its digits is a change.
let isDateChanged = false;
form.addEventListener("change", (event) => {
  if (event.target.type === "date") isDateChanged = true;
  else apply();
});
form.addEventListener("focusout", () => {
  if (isDateChanged) apply();
});
form.querySelector(".apply .btn:not(.bare)").classList.add("sr-until-focus");

/** The control that had the focus when the page was asked for. */
function focusAgain({ at, name, value }) {
  const found = [...form.elements].find((one) =>
    at ? one.dataset.at === at : one.name === name && (value === null || one.value === value),
  );
  if (!found || !(at || name)) return;
  // Untouched parts come back closed.
  found.closest("details")?.setAttribute("open", "");
  found.focus({ preventScroll: true });
}

let back = null;
try {
  back = JSON.parse(sessionStorage.getItem(BACK));
} catch {
  // Whatever stands there is nothing of ours.
}
sessionStorage.removeItem(BACK);
if (back?.path !== location.pathname || Date.now() - back.when > SOON) back = null;

function comeBack() {
  if (!back) return;
  if (back.open) panel.showPopover();
  const said = make("p", { className: "sr" });
  said.setAttribute("role", "status");
  document.getElementById("main").append(said);
  // A region speaks only of what changes once it is there.
  setTimeout(() => (said.textContent = document.getElementById("count")?.textContent ?? ""), 200);
  focusAgain(back);
  panel.scrollTop = back.top;
}

// ---- Facets ---------------------------------------------------------------------------------------------------
const isShown = () => getComputedStyle(panel).display !== "none";
let areCounted = false;

async function count() {
  if (areCounted || !form.dataset.facets || !isShown()) return;
  areCounted = true;
  const answer = await fetch(form.dataset.facets, { headers: { Accept: "application/json" } }).catch(
    () => null,
  );
  if (!answer?.ok || answer.redirected) return;
  for (const [name, facet] of Object.entries(await answer.json())) {
    const box = form.querySelector(`[data-facet="${CSS.escape(name)}"]`);
    if (box) showCounts(box, facet);
  }
  for (const refresh of refreshers) refresh();
  if (back && !form.contains(document.activeElement)) focusAgain(back);
}

function showCounts(box, facet) {
  if ("fetched" in box.dataset && facet.values.length) fill(box, facet);
  const ticks = [...box.querySelectorAll("input")];
  for (const [arg, value, , number] of facet.values) {
    const tick = ticks.find((one) => argOf(one.name) === arg && one.value === value);
    if (!tick) continue;
    const shown = number.toLocaleString(root.lang) + (facet.has_more && number ? "+" : "");
    tick.parentElement.append(make("span", { className: "n", textContent: shown }));
    tick.parentElement.toggleAttribute("data-none", number === 0 && !facet.has_more);
  }
}

/** Records to tick in place of a field for their code. */
function fill(box, facet) {
  const field = box.parentElement.querySelector(".ops input[type=text]");
  const known = new Map([...box.querySelectorAll("input")].map((tick) => [argOf(tick.name), tick]));
  const chosen = new Set(
    [...box.querySelectorAll("input:checked")].map((tick) => `${argOf(tick.name)}=${tick.value}`),
  );
  const labels = facet.values.map(([arg, value, label]) => {
    const name = arg === argOf(field.name) ? field.name : known.get(arg)?.name;
    const tick = make("input", { type: "checkbox", name, value, checked: chosen.has(`${arg}=${value}`) });
    return make("label", {}, tick, make("span", { textContent: label }));
  });
  box.replaceChildren(...labels);
  field.closest("label").remove();
}

// ---- Groups of which any is enough ----------------------------------------------------------------------------
const adder = form.querySelector("[data-add-any]");
const words = adder.dataset;
const refreshers = [];
let number = 1000;

/** What can be asked, as the panel has it: name in the address, words, and the values where they are few. */
function questions() {
  return [...form.querySelectorAll("details")].flatMap((part) => {
    const column = part.querySelector("summary span").textContent;
    const found = new Map();
    for (const tick of part.querySelectorAll(".facet input")) {
      const arg = argOf(tick.name);
      const label = tick.parentElement.querySelector("span").textContent;
      if (!found.has(arg)) found.set(arg, { arg, label: column, options: [] });
      found.get(arg).options.push([tick.value, label]);
    }
    for (const field of part.querySelectorAll(".ops :is(select, input:not([type=hidden]))")) {
      const label = field.closest("label").querySelector("span").firstChild.textContent;
      const options = field.options && [...field.options].slice(1).map((one) => [one.value, one.text]);
      found.set(argOf(field.name), {
        arg: argOf(field.name),
        label: `${column} ${label}`,
        type: field.type,
        options,
      });
    }
    for (const one of found.values())
      if (/_empty$/u.test(one.arg) && one.options.length === 1) one.label += ` ${one.options[0][1]}`;
    return [...found.values()];
  });
}

function field(letter, question, value) {
  const name = `flt${number++}.${letter}_${question.arg}`;
  const made = question.options
    ? make(
        "select",
        { name },
        new Option("", ""),
        ...question.options.map(([key, label]) => new Option(label, key)),
      )
    : make("input", { name, type: question.type ?? "text", autocomplete: "off" });
  made.value = value;
  made.setAttribute("aria-label", words.value);
  return made;
}

function addRow(group, arg = null, value = "") {
  const letter = group.dataset.any;
  const which = make("select");
  which.setAttribute("aria-label", words.what);
  const remove = make("button", { type: "button", className: "btn bare", textContent: "×" });
  remove.setAttribute("aria-label", words.remove);
  const row = make("div", { className: "cond" }, which, remove);
  let shown;
  const draw = (wanted, kept) => {
    const known = questions();
    which.replaceChildren(...known.map((one) => new Option(one.label, one.arg)));
    which.value = wanted ?? known[0].arg;
    const next = field(letter, known.find((one) => one.arg === which.value) ?? known[0], kept);
    if (shown) shown.replaceWith(next);
    else which.after(next);
    shown = next;
    numbered(group);
  };
  which.addEventListener("change", (event) => {
    event.stopPropagation();
    draw(which.value, "");
  });
  remove.addEventListener("click", () => {
    const hadValue = shown.value !== "";
    row.remove();
    if (!group.querySelector(".cond")) group.remove();
    adder.focus();
    if (hadValue) apply();
  });
  refreshers.push(() => {
    if (!row.isConnected) return;
    const hadFocus = [which, shown].find((one) => one === document.activeElement);
    draw(which.value, shown.value);
    if (hadFocus) (hadFocus === which ? which : shown).focus();
  });
  group.querySelector("button[data-or]").before(row);
  draw(arg, value);
  return which;
}

/** Names by which the focus finds its way back. */
function numbered(group) {
  const groups = [...form.querySelectorAll("fieldset.any")];
  for (const [place, row] of [...group.querySelectorAll(".cond")].entries()) {
    for (const [part, one] of [...row.children].entries())
      one.dataset.at = `${groups.indexOf(group)}-${place}-${part}`;
  }
}

function prepare(group) {
  const more = make("button", { type: "button", className: "btn bare", textContent: words.more });
  more.dataset.or = "";
  more.addEventListener("click", () => addRow(group).focus());
  group.append(more);
}

for (const group of form.querySelectorAll("fieldset.any")) {
  const given = [...group.querySelectorAll("input")].map((one) => [argOf(one.name), one.value]);
  for (const old of group.querySelectorAll("p")) old.remove();
  prepare(group);
  for (const [arg, value] of given) addRow(group, arg, value);
}
adder.hidden = false;
adder.addEventListener("click", () => {
  const used = new Set([...form.querySelectorAll("fieldset.any")].map((one) => one.dataset.any));
  const letter = [..."abcdefghijklmnopqrstuvwxyz"].find((one) => !used.has(one));
  if (!letter) return;
  const group = make("fieldset", { className: "any" }, make("legend", { textContent: words.title }));
  group.dataset.any = letter;
  adder.before(group);
  prepare(group);
  addRow(group).focus();
});

// ---- Shown or not ---------------------------------------------------------------------------------------------
for (const button of document.querySelectorAll("[data-toggles=filters]")) {
  const show = () => button.setAttribute("aria-expanded", String(isShown()));
  button.hidden = false;
  button.setAttribute("aria-controls", "filters");
  button.addEventListener("click", () => {
    root.dataset.filters = isShown() ? "off" : "on";
    remember("filters", root.dataset.filters);
    show();
    count();
  });
  addEventListener("resize", show);
  show();
}
panel.addEventListener("toggle", count);
comeBack();
count();
