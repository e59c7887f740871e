// Cells of a list edited where they stand: the server gives the field, Enter saves, Tab goes on, Escape gives up.

import { enhance } from "./lookup.js";

const EDGE = 8;
const MARKED = 1600;
const ASKED = { Accept: "application/json" };
const CLOSE = document.querySelector("#keys button")?.getAttribute("aria-label") ?? "×";
const table = document.querySelector("[data-cells]");
const heads = [...table.tHead.rows[0].cells];
const toast = notices();
let editor = null;
let turn = 0;

const parsed = (markup) => new DOMParser().parseFromString(markup, "text/html");
const nameOf = (cell) => heads[cell?.cellIndex]?.dataset.cell;
const cellOf = (row, name) =>
  row.cells[heads.findIndex((head) => (head.dataset.cell ?? head.dataset.shows) === name)];
const keyOf = (row) =>
  row.querySelector("[name=rowid]")?.value ??
  new URL(row.querySelector("[data-edit]").href).searchParams.get("id");

function address(cell) {
  const url = new URL(table.dataset.cells, location);
  const shown = heads.map((head) => head.dataset.cell ?? head.dataset.shows).filter(Boolean);
  const unit = new URLSearchParams(location.search).get("unit");
  const asked = {
    id: keyOf(cell.parentElement),
    name: nameOf(cell),
    shown: shown.join(","),
    ...(unit && { unit }),
  };
  url.search = new URLSearchParams(asked);
  return url;
}

/** What an answer that is no success wants to say; `lost` where there is none. */
async function told(answer, lost) {
  const body = await answer?.json().catch(() => null);
  return body?.errors?.join(" ") ?? body?.error?.message ?? lost;
}

// ---- Opening and closing --------------------------------------------------------------------------------------
export async function edit(cell) {
  if (!nameOf(cell) || editor?.cell === cell || (editor && !(await leave()))) return;
  const mine = ++turn;
  const answer = await fetch(address(cell), { headers: ASKED }).catch(() => null);
  const markup = answer?.ok ? await answer.text().catch(() => "") : "";
  const form = parsed(markup).querySelector("form");
  if (mine !== turn) return;
  if (form) open(cell, form);
  else toast.say(await told(answer, table.dataset.cellsLost), "bad");
}

function open(cell, form) {
  let field = form.querySelector("select, textarea, input:not([type=hidden])");
  const said = form.querySelector(".cell-said");
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
  form.popover = "manual";
  getSelection()?.removeAllRanges();
  cell.append(form);
  const lookup = field.closest("[data-lookup-url]");
  const select = lookup && enhance(lookup);
  if (select) field = select.control_input;
  editor = {
    cell,
    form,
    field,
    said,
    select,
    version: cell.parentElement.dataset.v,
    opened: "",
    theirs: null,
    saving: null,
  };
  editor.opened = typed();
  form.addEventListener("keydown", onKey);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    finish();
  });
  form.querySelector("[data-cancel]").addEventListener("click", giveUp);
  // The list has its own use for clicks and keys in a row, and a bar for what changes in its form.
  for (const kind of ["click", "dblclick", "change"])
    form.addEventListener(kind, (event) => event.stopPropagation());
  form.showPopover();
  reveal(cell);
  place();
  field.focus({ preventScroll: true });
  field.select?.();
}

/** The editor lies over its cell, as far as the window has room. */
function place() {
  if (!editor) return;
  const { cell, form } = editor;
  const at = cell.getBoundingClientRect();
  form.style.minWidth = `${Math.min(at.width, innerWidth - 2 * EDGE)}px`;
  form.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - form.offsetWidth - EDGE))}px`;
  form.style.top = `${Math.max(EDGE, Math.min(at.top, innerHeight - form.offsetHeight - EDGE))}px`;
}

function close() {
  editor.select?.destroy();
  editor.form.remove();
  editor = null;
}

function focus(cell) {
  cell.tabIndex = -1;
  cell.focus({ preventScroll: true });
  reveal(cell);
}

/** Bring a cell into sight, also from below the column that stays where it is. */
function reveal(cell) {
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const pinned = heads.find((head) => getComputedStyle(head).left !== "auto");
  if (!pinned || cell.cellIndex === pinned.cellIndex) return;
  const hidden = pinned.getBoundingClientRect().right - cell.getBoundingClientRect().left;
  if (hidden > 0) table.parentElement.scrollLeft -= hidden;
}

/** Leave what is stored; after a conflict that is what somebody else has saved. */
function giveUp() {
  const { cell, theirs } = editor;
  close();
  if (theirs) show(cell, theirs);
  focus(cell);
}

// ---- Keys -----------------------------------------------------------------------------------------------------
function onKey(event) {
  // The Enter that ends a conversion belongs to the IME, also where the browser reports it late.
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  const isButton = event.target.matches("button");
  // Its letters are no commands to the list.
  if (isButton && !event.ctrlKey && !event.metaKey) event.stopPropagation();
  if (event.key === "Escape") {
    event.preventDefault();
    giveUp();
  } else if ((event.key === "Enter" && !isButton && !event.shiftKey) || isSaving(event)) {
    // With Shift a long text gets a new line.
    event.preventDefault();
    finish();
  } else if (event.key === "Tab" && !editor.theirs) {
    event.preventDefault();
    goOn(event.shiftKey ? -1 : 1);
  }
}

const isSaving = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";

async function finish() {
  const { cell } = editor;
  if (await save()) focus(cell);
}

async function goOn(step) {
  const { cell } = editor;
  const cells = [...table.tBodies[0].querySelectorAll("td")].filter(nameOf);
  const next = cells[cells.indexOf(cell) + step];
  if (!(await leave())) return;
  if (!next) return focus(cell);
  await edit(next);
}

// ---- Saving ---------------------------------------------------------------------------------------------------
const typed = () => new URLSearchParams(new FormData(editor.form)).toString();

/** Whether the editor is closed now: nothing was typed, or it is saved. Who lost a race decides for themselves. */
async function leave() {
  if (!editor) return true;
  if (editor.theirs) return false;
  if (editor.saving || typed() !== editor.opened) return save();
  close();
  return true;
}

function save() {
  editor.saving ??= send(editor).finally(() => {
    if (editor) editor.saving = null;
  });
  return editor.saving;
}

async function send({ cell, form, field, version }) {
  const body = new URLSearchParams(new FormData(form));
  body.set("row_version", version);
  form.setAttribute("aria-busy", "true");
  field.readOnly = true;
  const answer = await fetch(address(cell), { method: "POST", body, headers: ASKED }).catch(() => null);
  const isKnown = answer?.ok || answer?.status === 409;
  const news = isKnown ? await answer.json().catch(() => null) : null;
  field.readOnly = false;
  form.removeAttribute("aria-busy");
  if (!editor || editor.form !== form) return false;
  if (!news) refuse(await told(answer, form.dataset.lost), answer?.status === 422);
  else if (news.conflict) ask(news);
  else {
    const words = { ...form.dataset, token: form.elements.csrf_token.value };
    close();
    show(cell, news);
    toast.say(news.said, news.undo ? "good" : "info", news.undo, words);
    return true;
  }
  return false;
}

/** The reason stands at the field, which still holds what was typed. */
function refuse(sentence, isWrong) {
  const { field, said } = editor;
  if (isWrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  said.textContent = sentence;
  const hint = editor.form.querySelector(".hint");
  // A finding may say the hint once more; then the hint is not needed.
  if (hint) hint.hidden = hint.textContent.trim() === sentence;
  place();
  field.focus({ preventScroll: true });
}

/** Somebody else was faster: show what they saved; saving again takes its place, giving up leaves it. */
function ask(news) {
  const { field, form, said } = editor;
  const words = form.dataset;
  const theirs = parsed(news.conflict.theirs).body.textContent;
  editor.theirs = news;
  editor.version = String(news.conflict.version);
  refuse(`${words.moved} ${news.said}`, false);
  const now = document.createElement("p");
  const value = document.createElement("ins");
  value.textContent = theirs.trim() || words.empty;
  now.append(`${words.theirs}: `, value);
  said.append(now);
  for (const [what, label] of [
    ["[type=submit]", words.saveMine],
    ["[data-cancel]", words.keepTheirs],
  ]) {
    const button = form.querySelector(what);
    button.tabIndex = 0;
    for (const part of button.childNodes)
      if (part.nodeType === Node.TEXT_NODE && part.data.trim()) part.data = label;
  }
  place();
  field.focus({ preventScroll: true });
}

// ---- What the list shows then ---------------------------------------------------------------------------------
function show(cell, news) {
  const row = cell.parentElement;
  row.dataset.v = news.version;
  put(cell, news.html);
  for (const [name, html] of Object.entries(news.row)) put(cellOf(row, name), html);
  for (const control of row.querySelectorAll("[aria-label]")) {
    // "Edit: name of the record"
    const [what] = control.getAttribute("aria-label").split(": ");
    control.setAttribute("aria-label", `${what}: ${news.name}`);
  }
  cell.classList.add("saved");
  setTimeout(() => cell.classList.remove("saved"), MARKED);
}

function put(cell, html) {
  if (!cell) return;
  (cell.querySelector("a.name") ?? cell).replaceChildren(...parsed(html).body.childNodes);
  cell.removeAttribute("title");
}

/** The page's place for news of cells: a live region that is there before anything is said. */
function notices() {
  const box = document.createElement("div");
  const words = document.createElement("p");
  const acts = document.createElement("div");
  box.className = "notice toast";
  acts.className = "buttons";
  words.setAttribute("role", "status");
  box.append(words, acts);
  document.getElementById("main").append(box);
  const empty = () => {
    words.textContent = "";
    acts.replaceChildren();
  };
  const say = (sentence, tone, number, known) => {
    box.className = `notice toast ${tone}`;
    words.textContent = sentence;
    acts.replaceChildren();
    if (number) {
      // The key undoes what was done last.
      for (const older of document.querySelectorAll("[data-key=u]")) delete older.dataset.key;
      acts.append(undoing(number, known));
    }
    const end = button(CLOSE, "btn bare");
    end.addEventListener("click", empty);
    acts.append(end);
  };
  return { say };
}

function undoing(number, { undoUrl, undo, token }) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = undoUrl;
  for (const [name, value] of Object.entries({
    id: number,
    url: location.pathname + location.search,
    csrf_token: token,
  })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  const go = button(undo, "btn");
  go.type = "submit";
  go.dataset.key = "u";
  go.setAttribute("aria-keyshortcuts", "u");
  form.append(go);
  return form;
}

function button(label, className) {
  return Object.assign(document.createElement("button"), { type: "button", textContent: label, className });
}

// ---- Around it ------------------------------------------------------------------------------------------------
document.addEventListener("pointerdown", (event) => {
  if (editor && !editor.form.contains(event.target)) leave();
});
document.addEventListener("scroll", place, { capture: true, passive: true });
addEventListener("resize", place);
addEventListener("beforeunload", (event) => {
  if (editor && typed() !== editor.opened) event.preventDefault();
});
