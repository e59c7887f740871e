// A list of records: selection and its bar, rows by keyboard, order by several columns, a look at one record.

import { isTyping, open } from "./shell.js";

// ---- Selection ------------------------------------------------------------------------------------------------
const bulk = document.querySelector("form[data-bulk]");
if (bulk) {
  const bar = bulk.querySelector("[data-bulk-bar]");
  const count = bulk.querySelector("[data-bulk-count]");
  const all = bulk.querySelector("[data-all]");
  const none = bulk.querySelector("[data-bulk-none]");
  const boxes = [...bulk.querySelectorAll("input[name=rowid]")];
  let last = null;

  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    bar.hidden = chosen === 0;
    count.textContent = bulk.dataset.chosen.replace(
      "{}",
      chosen.toLocaleString(document.documentElement.lang),
    );
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  const setAll = (checked) => {
    for (const box of boxes) box.checked = checked;
    show();
  };
  bar.classList.add("over");
  none.hidden = false;
  none.addEventListener("click", () => {
    setAll(false);
    all.focus();
  });
  all.addEventListener("change", () => setAll(all.checked));
  bulk.addEventListener("click", (event) => {
    if (event.target.name !== "rowid") return;
    if (event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(event.target)].sort((a, b) => a - b);
      for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
    }
    last = event.target;
    show();
  });
  bulk.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}

// ---- Rows by keyboard -----------------------------------------------------------------------------------------
const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
let here = -1;

function go(index) {
  rows[here]?.removeAttribute("data-here");
  here = Math.max(0, Math.min(rows.length - 1, index));
  const row = rows[here];
  row.setAttribute("data-here", "");
  for (const cell of row.cells) cell.toggleAttribute("data-can", isEditable(cell));
  (row.querySelector("a.name") ?? row.querySelector("a, input"))?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

const onKey = {
  j: () => go(here + 1),
  k: () => go(here - 1),
  x: () => rows[here]?.querySelector("[name=rowid]")?.click(),
  e: () => rows[here]?.querySelector("[data-edit]")?.click(),
  p: () => look(rows[here]),
  i: () =>
    editCell(
      document.activeElement.closest("td:focus") ?? [...rows[Math.max(here, 0)].cells].find(isEditable),
    ),
};
onKey.F2 = onKey.i;

document.addEventListener("keydown", (event) => {
  if (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    isTyping(event) ||
    document.querySelector("dialog[open]")
  )
    return;
  if (event.key === "/") {
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (Object.hasOwn(onKey, event.key) && rows.length) {
    event.preventDefault();
    onKey[event.key]();
  }
});

// Cells edited where they stand; the script for it is fetched when it is first wanted.
const cells = document.querySelector("[data-cells]");
const isEditable = (cell) => cells?.tHead.rows[0].cells[cell?.cellIndex]?.dataset.cell !== undefined;

async function editCell(cell) {
  if (!isEditable(cell)) return;
  const { edit } = await import("./cells.js");
  await edit(cell);
}
cells?.tBodies[0].addEventListener("dblclick", (event) => editCell(event.target.closest("td")));

document.querySelector("[data-rows]")?.addEventListener("focusin", (event) => {
  const index = rows.indexOf(event.target.closest("tbody tr"));
  if (index < 0 || index === here) return;
  rows[here]?.removeAttribute("data-here");
  here = index;
});

// ---- Order ----------------------------------------------------------------------------------------------------
// Shift and a click on a head add its column to the order, or turn it round where it is there.
const MOST_LEVELS = 4;
const bare = (level) => level.replace(/^-/u, "");
document.querySelector("[data-order] thead")?.addEventListener("click", (event) => {
  const head = event.target.closest("a");
  if (!head || !event.shiftKey) return;
  event.preventDefault();
  const url = new URL(head.href);
  const name = bare(url.searchParams.get("order"));
  const levels = head.closest("[data-order]").dataset.order.split(",");
  const place = levels.findIndex((level) => bare(level) === name);
  if (place >= 0) levels[place] = levels[place] === name ? `-${name}` : name;
  else if (levels.length < MOST_LEVELS) levels.push(name);
  url.searchParams.set("order", levels.join(","));
  location.assign(url);
});
document.querySelector("form.sorting")?.addEventListener("formdata", (event) => {
  const down = new Set(event.formData.getAll("down"));
  const given = event.formData.getAll("order");
  const levels = given
    .map((name, place) => name && (down.has(String(place + 1)) ? `-${name}` : name))
    .filter(Boolean);
  event.formData.delete("order");
  event.formData.delete("down");
  if (levels.length) event.formData.set("order", levels.join(","));
});

// ---- Peek: the record beside its list -------------------------------------------------------------------------
const peek = document.getElementById("peek");

async function look(row) {
  const link = row?.querySelector("a.name");
  if (!link || !peek) return;
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    location.assign(link.href);
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  peek.querySelector("h2").textContent = page.querySelector("h1")?.textContent.trim() ?? "";
  peek.querySelector("[data-peek-open]").href = link.href;
  const edit = peek.querySelector("[data-peek-edit]");
  const editable = row.querySelector("[data-edit]");
  edit.hidden = !editable;
  if (editable) edit.href = editable.href;
  peek.querySelector(".stack").replaceChildren(...page.querySelectorAll("#main .with-aside .panel"));
  open(peek);
}

const TWO_CLICKS = 260;
let looking;
document.querySelector("[data-rows] tbody")?.addEventListener("click", (event) => {
  clearTimeout(looking);
  if (event.target.closest("a, button, input, label") || event.defaultPrevented || String(getSelection()))
    return;
  const cell = event.target.closest("td");
  const row = cell.parentElement;
  go(rows.indexOf(row));
  // Two clicks edit the cell.
  if (event.detail < 2) looking = setTimeout(() => look(row), isEditable(cell) ? TWO_CLICKS : 0);
});

// A cell that had to be cut says the whole of it.
document.querySelector("[data-rows]")?.addEventListener("pointerover", (event) => {
  const cell = event.target.closest("td");
  if (isEditable(cell)) cell.dataset.can = "";
  if (cell && !cell.title && cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent.trim();
});
