// The command palette: records that the server finds, screens of the menu, what can be done here.

import { askForJson } from "../shared/asking.js";
import { all, find, get } from "../shared/dom.js";
import { isOfTheIme } from "../shared/keyboard.js";
import { pair, word } from "../shared/words.js";
import { Options } from "./palette_options.js";

/** @import { Command } from "./palette_options.js" */

const WAIT = 120;

/** @param {string} text */
const fold = (text) => text.normalize("NFKC").toLowerCase();

/** @returns {Command[]} */
const screens = () =>
  all(HTMLAnchorElement, "#side li a:not([data-view])").map((link) => ({
    label: get(HTMLElement, "span", link).textContent,
    hint: link.closest("ul")?.parentElement?.querySelector(":scope > .group")?.textContent ?? "",
    run: () => location.assign(link.href),
  }));

/**
 * What it is called, after what its group is: several files may hold the list as it is shown.
 * @param {HTMLElement} element
 */
function calledBy(element) {
  const group = element.closest(".acts [role=group]")?.getAttribute("aria-label");
  const own = element.textContent.trim();
  return group ? pair(group, own) : own;
}

/** @returns {Command[]} */
const actions = () =>
  all(HTMLElement, ".acts a, .save .buttons button").map((element) => ({
    label: calledBy(element),
    hint: "",
    run: () => element.click(),
  }));

/**
 * @param {string} finder
 * @param {string} query
 * @returns {Promise<Command[]>}
 */
async function records(finder, query) {
  if (!finder || !query) return [];
  const url = new URL(finder, location.href);
  url.searchParams.set("query", query);
  /** @type {[href: string, label: string, hint: string][]} */
  const rows = (await askForJson(url)) ?? [];
  return rows.map(([href, label, hint]) => ({ label, hint, run: () => location.assign(href) }));
}

/**
 * What has exactly the words that were typed comes first.
 * @param {string} query
 * @param {Command[]} found
 * @returns {[title: string, commands: Command[]][]}
 */
function groups(query, found) {
  /** @param {Command} command */
  const has = ({ label, hint }) => fold(`${label} ${hint}`).includes(fold(query));
  /** @type {[title: string, commands: Command[]][]} */
  const named = [
    ["records", found],
    ["screens", screens().filter(has)],
    ["actions", actions().filter(has)],
  ];
  /** @param {[title: string, commands: Command[]]} group */
  const isMeant = ([, commands]) => commands.some(({ label }) => fold(label) === fold(query));
  return [...named.filter(isMeant), ...named.filter((group) => !isMeant(group))];
}

/** @param {HTMLDialogElement} palette */
function prepare(palette) {
  const field = get(HTMLInputElement, "input", palette);
  const options = new Options(get(HTMLElement, "[role=listbox]", palette), field);
  const status = get(HTMLElement, "[role=status]", palette);
  let turn = 0;
  /** @type {string | null} what the options answer */
  let answered = null;

  const draw = async () => {
    turn += 1;
    const mine = turn;
    const query = field.value.trim();
    const found = await records(word(palette, "finderUrl"), query);
    // A later question has overtaken this one.
    if (mine !== turn) return;
    options.clear();
    for (const [title, commands] of groups(query, found)) options.addGroup(word(palette, title), commands);
    status.textContent = options.count ? String(options.count) : word(palette, "nothing");
    if (!options.count) options.sayNothing(word(palette, "nothing"));
    options.choose(0);
    answered = query;
  };
  /** @type {number | undefined} */
  let wait;
  // What stands there may be the answer to something else.
  const run = async () => {
    const query = field.value.trim();
    if (answered !== query) {
      clearTimeout(wait);
      await draw();
    }
    if (palette.open && answered === query && field.value.trim() === query) options.run();
  };
  field.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(draw, WAIT);
  });
  field.addEventListener("keydown", (event) => heed(event, options, run));
  palette.addEventListener("opened", () => {
    field.value = "";
    answered = null;
    field.focus();
    return draw();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {Options} options
 * @param {() => unknown} run
 */
function heed(event, options, run) {
  if (isOfTheIme(event)) return;
  if (event.key === "ArrowDown") options.step(1);
  else if (event.key === "ArrowUp") options.step(-1);
  else if (event.key === "Enter") run();
  else return;
  event.preventDefault();
}

export function preparePalette() {
  const palette = find(HTMLDialogElement, "#palette");
  if (palette) prepare(palette);
}
