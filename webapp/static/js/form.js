// A form: changed fields marked, unsaved work guarded and kept, one submission per click, numbers read back.

import "./shell.js";

const form = document.querySelector("form[data-guard]");
const SECRET = "[type=password], [type=file], [name=csrf_token], [name=save_token], [name=row_version]";
const words = form?.dataset ?? {};

// ---- Numbers --------------------------------------------------------------------------------------------------
// The same grammar as webapp/words/numbers.py; a test holds them against each other.
const LONGEST = 60;
const SPACES = "\\s\\x1c-\\x1f\\x85";
const MINUSES = "\\-−‐‑‒–－△▲";
const TYPED = new RegExp(`^[\\x00-\\x7f${SPACES}${MINUSES}\\uff00-\\uffef]*$`, "u");
const AROUND = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "gu");
const PARENTHESES = /^\((.*)\)$/su;
const LED = new RegExp(`^([${MINUSES}+])(.*)$`, "su");
const SHAPE = /^(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?$/u;
const strip = (text) => text.replace(AROUND, "");

/** The number that the server will read, grouped for the eye; null when it would refuse. */
export function understood(text, scale) {
  let plain = strip(text.normalize("NFKC"));
  if ([...plain].length > LONGEST || !TYPED.test(text) || text.includes("\ufeff")) return null;
  const inside = PARENTHESES.exec(plain)?.[1];
  const led = inside === undefined ? LED.exec(plain) : null;
  plain = strip(inside ?? led?.[2] ?? plain);
  const parts = SHAPE.exec(plain);
  // A nought behind the last decimal that counts is none.
  const decimals = parts?.[2]?.replace(/0+$/u, "") ?? "";
  if (!parts || decimals.length > scale) return null;
  const digits = parts[1].replaceAll(",", "").replace(/^0+(?=\d)/u, "");
  const whole = digits.replace(/\B(?=(\d{3})+$)/gu, ",");
  const isNegative = (inside !== undefined || (led && led[1] !== "+")) && /[1-9]/u.test(digits + decimals);
  return (isNegative ? "▲" : "") + whole + (decimals && `.${decimals}`);
}

function readBack(field) {
  const out = document.createElement("output");
  const scale = Number(field.dataset.number || 0);
  const unit = field.dataset.unit ?? "";
  out.className = "understood";
  out.htmlFor = field.id;
  (field.closest(".with-unit") ?? field).after(out);
  const show = () => {
    const text = strip(field.value.normalize("NFKC"));
    const read = text && understood(field.value, scale);
    out.classList.toggle("bad", text !== "" && read === null);
    out.textContent =
      text === "" || read === text ? "" : read === null ? words.notANumber : `= ${read} ${unit}`;
  };
  field.addEventListener("input", show);
  show();
}

document.querySelectorAll("input[data-number]").forEach(readBack);

// ---- Forms within the form: one more, and one of the new ones less --------------------------------------------
const next = (group) =>
  `${group.id}-${Number(group.querySelector(":scope > fieldset:last-of-type")?.dataset.part ?? -1) + 1}`;

function addPart(group) {
  const [part] = document.importNode(group.querySelector(":scope > template").content, true).children;
  const prefix = next(group);
  const named = (name) => (name ? `${prefix}-${name}` : prefix);
  part.dataset.part = prefix.slice(group.id.length + 1);
  for (const at of part.querySelectorAll("*")) {
    for (const attribute of ["id", "for", "name", "data-field"]) {
      if (at.hasAttribute(attribute)) at.setAttribute(attribute, named(at.getAttribute(attribute)));
    }
    const told = at.getAttribute("aria-describedby");
    if (told) at.setAttribute("aria-describedby", told.split(" ").map(named).join(" "));
  }
  part.querySelectorAll("input[data-number]").forEach(readBack);
  part.querySelector("[data-remove]").addEventListener("click", () => {
    part.remove();
    group.querySelector(":scope > [data-add]").focus();
    form?.dispatchEvent(new Event("change"));
  });
  group.querySelector(":scope > template").before(part);
  return part;
}

for (const group of document.querySelectorAll("[data-inline]")) {
  const add = group.querySelector(":scope > [data-add]");
  add.hidden = false;
  add.addEventListener("click", () =>
    addPart(group).querySelector("input:not([type=hidden]), select, textarea")?.focus(),
  );
}

// ---- Changes, guard, draft ------------------------------------------------------------------------------------
if (form) {
  // Looked for each time: a form within the form may have been added.
  const fields = () =>
    [...form.elements].filter(
      (at) =>
        at.name &&
        at.type !== "submit" &&
        at.tagName !== "FIELDSET" &&
        !at.matches(SECRET) &&
        at.tagName !== "BUTTON",
    );
  const key = `draft:${words.user}:${location.pathname}${new URLSearchParams(location.search).get("id") ?? ""}`;
  const version = form.elements.row_version?.value ?? "";
  const isRepeat = document.querySelector("[data-errors], .conflicts") !== null;
  // Shown again after a refusal, the form holds what was typed; what is stored was noted when it was opened.
  const opened = isRepeat ? JSON.parse(sessionStorage.getItem(key) ?? "{}") : {};
  const typedIn = (at) => (at.type === "checkbox" ? String(at.checked) : at.value);
  const initial = (at) => {
    if (Object.hasOwn(opened, at.name)) return opened[at.name];
    if (at.type === "checkbox") return String(at.defaultChecked);
    if (at.tagName === "SELECT")
      return [...at.options].find((option) => option.defaultSelected)?.value ?? at.options[0]?.value ?? "";
    return at.dataset.initial ?? at.defaultValue;
  };
  // A hidden input's defaultValue follows its value, so what it held at first is noted.
  for (const at of fields()) if (at.type === "hidden") at.dataset.initial = at.value;
  const status = form.querySelector("[data-changes]");
  let isLeaving = false;
  let keep;

  const changed = () => fields().filter((at) => typedIn(at) !== initial(at));
  const show = () => {
    const now = changed();
    const names = new Set(now.map((at) => at.closest("[data-field]")).filter(Boolean));
    for (const box of form.querySelectorAll("[data-field]")) {
      const isChanged = names.has(box) && !box.matches(".why");
      box.classList.toggle("changed", isChanged);
      let was = box.querySelector(":scope > .was");
      const at = now.find((one) => one.closest("[data-field]") === box && one.type !== "hidden");
      if (!isChanged || !at) was?.remove();
      else {
        if (!was) {
          was = Object.assign(document.createElement("p"), { className: "was" });
          box.append(was);
        }
        const before =
          at.tagName === "SELECT"
            ? [...at.options].find((option) => option.value === initial(at))?.text
            : initial(at);
        const grouped =
          at.dataset.number === undefined
            ? before
            : (understood(before, Number(at.dataset.number || 0)) ?? before);
        was.textContent = at.type === "checkbox" ? "" : words.was.replace("{}", grouped || words.blank);
      }
    }
    // The reason is kept like the rest, but it is no field of the record.
    const number = [...names].filter((box) => !box.matches(".why")).length;
    status.textContent = number ? status.dataset.changes.replace("{}", number) : "";
    return now;
  };
  const store = (isSent) => {
    const values = Object.fromEntries(fields().map((at) => [at.name, typedIn(at)]));
    localStorage.setItem(key, JSON.stringify({ sent: isSent, version, when: Date.now(), values }));
  };
  const onInput = () => {
    const now = show();
    clearTimeout(keep);
    keep = setTimeout(() => (now.length ? store(false) : localStorage.removeItem(key)), 400);
  };
  form.addEventListener("input", onInput);
  form.addEventListener("change", onInput);

  // One click is one submission; coming back with Back makes the form usable again. What was typed is there then, but
  // the page is new, and so is its token: its place in the history remembers the token that was sent. A stored record
  // in which something else is typed now is another change.
  const token = form.elements.save_token;
  const sentBefore = isRepeat ? undefined : history.state?.sentToken;
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) {
      event.preventDefault();
      return;
    }
    isSent = isLeaving = true;
    clearTimeout(keep);
    if (token) {
      if (sentBefore && (!version || !changed().length)) token.value = sentBefore;
      history.replaceState({ ...history.state, sentToken: token.value }, "");
    }
    store(true);
    for (const button of form.querySelectorAll(".save button")) button.setAttribute("aria-disabled", "true");
  });
  addEventListener("pageshow", () => {
    isSent = isLeaving = false;
    for (const button of form.querySelectorAll(".save button")) button.removeAttribute("aria-disabled");
  });
  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (changed().length || isRepeat)) event.preventDefault();
  });
  form.addEventListener("keydown", (event) => {
    // The Enter that ends a conversion belongs to the IME, also where the browser reports it late.
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".save .btn.go"));
    }
  });

  if (!isRepeat)
    sessionStorage.setItem(
      key,
      JSON.stringify(Object.fromEntries(fields().map((at) => [at.name, initial(at)]))),
    );
  const kept = JSON.parse(localStorage.getItem(key) ?? "null");
  const now = Object.fromEntries(fields().map((at) => [at.name, typedIn(at)]));
  const differs = kept && Object.entries(kept.values).some(([name, value]) => value !== (now[name] ?? ""));
  if (differs && !isRepeat) offer(kept);
  else if (kept && !differs) localStorage.removeItem(key);

  function offer(draft) {
    const box = document.createElement("div");
    const text = document.createElement("p");
    const restore = document.createElement("button");
    const drop = document.createElement("button");
    box.className = "notice warn";
    box.setAttribute("role", "status");
    text.textContent = words.restore.replace(
      "{}",
      new Date(draft.when).toLocaleString(document.documentElement.lang),
    );
    for (const [button, label] of [
      [restore, words.restoreDo],
      [drop, words.restoreDrop],
    ]) {
      button.type = "button";
      button.className = "btn";
      button.textContent = label;
    }
    restore.addEventListener("click", () => {
      for (const group of form.querySelectorAll("[data-inline]")) {
        const isOfNext = (name) => name === next(group) || name.startsWith(`${next(group)}-`);
        while (Object.keys(draft.values).some(isOfNext)) addPart(group);
      }
      for (const at of fields()) {
        if (!(at.name in draft.values)) continue;
        if (at.type === "checkbox") at.checked = draft.values[at.name] === "true";
        else at.value = draft.values[at.name];
      }
      for (const box of form.querySelectorAll("[data-lookup-url]")) {
        const [key, name] = box.querySelectorAll("[name]");
        box.dispatchEvent(new CustomEvent("choose", { detail: { value: key.value, label: name.value } }));
      }
      box.remove();
      show();
      for (const at of form.querySelectorAll("input[data-number]"))
        at.dispatchEvent(new Event("input", { bubbles: true }));
    });
    drop.addEventListener("click", () => {
      localStorage.removeItem(key);
      box.remove();
    });
    box.append(text, restore, drop);
    form.before(box);
  }
  show();
  document.querySelector("[data-errors]")?.focus();
  for (const at of document.querySelectorAll("[data-choosing]")) at.hidden = false;
  for (const choice of document.querySelectorAll("[data-choice]")) offerTheirs(choice);
  markSection();
}

// ---- Two people changed one field: keep what was typed, or take what is stored --------------------------------
function offerTheirs(choice) {
  const { choice: name, stored, storedName } = choice.dataset;
  const field = form.querySelector(`[name="${name}"]`);
  const shown = form.querySelector(`[name="${name}-name"]`);
  let mine = { value: field.value, label: shown?.value };
  const mark = () => {
    const isTheirs = field.value === stored;
    if (!isTheirs) mine = { value: field.value, label: shown?.value };
    for (const button of choice.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String((button.value === "theirs") === isTheirs));
    }
  };
  choice.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { value, label } = button.value === "theirs" ? { value: stored, label: storedName } : mine;
    if (shown) shown.parentElement.dispatchEvent(new CustomEvent("choose", { detail: { value, label } }));
    else {
      field.value = value;
      for (const type of ["input", "change"]) field.dispatchEvent(new Event(type, { bubbles: true }));
    }
  });
  for (const type of ["input", "change"]) field.addEventListener(type, mark);
  mark();
}

// ---- The section that is in sight is marked in the row of sections -------------------------------------------
function markSection() {
  const links = [...document.querySelectorAll(".sections a")];
  if (!links.length) return;
  const mark = () => {
    const seen = links.filter((link) => document.querySelector(link.hash).getBoundingClientRect().top < 160);
    const now = seen.at(-1) ?? links[0];
    for (const link of links) {
      if (link !== now) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        link.parentElement.parentElement.parentElement.scrollLeft = link.offsetLeft - 40;
      }
    }
  };
  addEventListener("scroll", mark, { passive: true });
  mark();
}
