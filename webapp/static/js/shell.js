// The shell on every page: menus, theme and row height, passwords, command palette, list of keys, forgetting saved drafts.

const root = document.documentElement;
const YEAR = 365 * 24 * 3600;

/** True while a key must be left to the field, the IME or the browser. */
export function isTyping(event) {
  const at = event.target;
  return (
    event.isComposing ||
    event.keyCode === 229 ||
    at.isContentEditable ||
    at.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])")
  );
}

export function remember(name, value) {
  const age = value ? YEAR : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is for secure contexts only
  document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

// ---- Menus ----------------------------------------------------------------------------------------------------
const closeOthers = (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
};
document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A menu whose content the server has: fetched when it is first opened, in place of the links that do without script.
for (const menu of document.querySelectorAll("details[data-content]")) {
  const drop = menu.querySelector(".drop");
  menu.addEventListener("toggle", async () => {
    if (!menu.open || drop.hasAttribute("aria-busy")) return;
    drop.setAttribute("aria-busy", "true");
    drop.querySelector("[role=alert]")?.remove();
    const answer = await fetch(menu.dataset.content, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      drop.replaceChildren(...page.body.children);
      drop.setAttribute("aria-busy", "false");
    } else {
      const said = document.createElement("p");
      said.setAttribute("role", "alert");
      said.className = "pad";
      said.textContent = menu.dataset.failed;
      drop.append(said);
      // Opened once more, it asks once more.
      drop.removeAttribute("aria-busy");
    }
  });
}

// ---- Theme and row height -------------------------------------------------------------------------------------
const settings = document.querySelector("form[data-settings]");
settings?.addEventListener("submit", async (event) => {
  const setting = event.submitter?.closest("[data-setting]");
  if (!setting) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  for (const button of setting.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
  const body = new FormData(settings, event.submitter);
  // Kept alive: whoever goes on to another page at once has said what they want all the same.
  const asked = { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true };
  const answer = await fetch(settings.action, asked).catch(() => null);
  settings.querySelector("[role=status]").textContent = answer?.ok ? "" : settings.dataset.failed;
});

// ---- Passwords ------------------------------------------------------------------------------------------------
for (const button of document.querySelectorAll("[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals);
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = field.type === "text";
    field.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
  });
  // A browser remembers what was typed into a field of text.
  field.form.addEventListener("submit", () => (field.type = "password"));
}

// ---- Era of a date, beside its input ----------------------------------------------------------------------------
const eraYear = new Intl.DateTimeFormat(`${root.lang}-u-ca-japanese`, {
  era: "short",
  year: "numeric",
  timeZone: "UTC",
});
document.addEventListener("input", (event) => {
  const hint = event.target.type === "date" ? event.target.nextElementSibling : null;
  if (!hint?.matches("output.era")) return;
  const day = event.target.valueAsDate;
  const part = (kind) => eraYear.formatToParts(day).find((one) => one.type === kind)?.value ?? "";
  // Before 1873 Japan had another calendar.
  if (!day || day.getUTCFullYear() < 1873) hint.textContent = "";
  else hint.textContent = root.lang === "ja" ? eraYear.format(day) : `${part("era")} ${part("year")}`;
});

// ---- Dialogs --------------------------------------------------------------------------------------------------
const palette = document.getElementById("palette");
const keys = document.getElementById("keys");

export function open(dialog) {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new Event("opened"));
}

for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => {
    opener.closest("details.menu")?.removeAttribute("open");
    open(document.getElementById(opener.dataset.opens));
  });
}
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

document.addEventListener("keydown", (event) => {
  if (
    (event.ctrlKey || event.metaKey) &&
    !event.shiftKey &&
    event.key.toLowerCase() === "k" &&
    !event.isComposing
  ) {
    event.preventDefault();
    open(palette);
  } else if (
    event.key === "?" &&
    !isTyping(event) &&
    !event.ctrlKey &&
    !event.metaKey &&
    !document.querySelector("dialog[open]")
  ) {
    event.preventDefault();
    open(keys);
  } else if (
    !isTyping(event) &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey &&
    !document.querySelector("dialog[open]")
  ) {
    const at = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    // What opens goes on from there by Tab.
    at?.focus();
    at?.click();
  }
});

// ---- Command palette ------------------------------------------------------------------------------------------
if (palette) {
  const field = palette.querySelector("input");
  const list = palette.querySelector("[role=listbox]");
  const status = palette.querySelector("[role=status]");
  const words = palette.dataset;
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  let asked = 0;
  let here = -1;

  const screens = () =>
    [...document.querySelectorAll("#side li a")].map((a) => ({
      label: a.querySelector("span").textContent,
      hint: a.closest("ul").parentElement.querySelector(":scope > .group")?.textContent ?? "",
      run: () => location.assign(a.href),
    }));
  const actions = () =>
    [...document.querySelectorAll(".acts a, .save .buttons button")].map((at) => ({
      label: at.dataset.command ?? at.textContent.trim(),
      hint: "",
      run: () => at.click(),
    }));

  const options = () => [...list.querySelectorAll("[role=option]")];
  const choose = (index) => {
    const all = options();
    here = all.length ? (index + all.length) % all.length : -1;
    for (const [at, option] of all.entries()) option.setAttribute("aria-selected", String(at === here));
    if (here < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", all[here].id);
      all[here].scrollIntoView({ block: "nearest" });
    }
  };
  const group = (title, found) => {
    if (!found.length) return;
    const box = document.createElement("div");
    box.setAttribute("role", "group");
    const head = document.createElement("span");
    head.id = `palette-group-${list.childElementCount}`;
    head.textContent = title;
    box.setAttribute("aria-labelledby", head.id);
    box.append(head);
    for (const one of found) {
      const option = document.createElement("div");
      option.setAttribute("role", "option");
      option.id = `palette-${list.childElementCount}-${box.childElementCount}`;
      option.append(one.label);
      if (one.hint) {
        const hint = document.createElement("small");
        hint.textContent = one.hint;
        option.append(hint);
      }
      option.addEventListener("click", () => {
        palette.close();
        one.run();
      });
      option.addEventListener("pointermove", () => choose(options().indexOf(option)));
      box.append(option);
    }
    list.append(box);
  };
  const records = async (query) => {
    if (!words.finderUrl || !query) return [];
    const url = new URL(words.finderUrl, location);
    url.searchParams.set("query", query);
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) return [];
    const rows = await answer.json();
    return rows.map(([href, label, hint]) => ({ label, hint, run: () => location.assign(href) }));
  };
  const draw = async () => {
    const turn = ++asked;
    const query = field.value.trim();
    const has = (one) => fold(`${one.label} ${one.hint}`).includes(fold(query));
    const found = await records(query).catch(() => []);
    if (turn !== asked) return;
    list.replaceChildren();
    group(words.records, found);
    group(words.screens, screens().filter(has));
    group(words.actions, actions().filter(has));
    if (!list.childElementCount) {
      const none = document.createElement("div");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = words.nothing;
      list.append(none);
    }
    status.textContent =
      options().length === 1 && !list.querySelector("[role=group]")
        ? words.nothing
        : String(options().length);
    choose(0);
  };
  let wait;
  const soon = () => {
    clearTimeout(wait);
    wait = setTimeout(draw, 120);
  };
  field.addEventListener("input", soon);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(here + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      options()[here]?.click();
    }
  });
  palette.addEventListener("opened", () => {
    field.value = "";
    draw();
    field.focus();
  });
}

// ---- Drafts: what a form kept is forgotten once the server says that it is stored, or when the user signs out. ---
const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith("draft:"));
if (document.querySelector("[data-flash=good]")) {
  for (const key of drafts())
    if (localStorage.getItem(key).startsWith('{"sent":true')) localStorage.removeItem(key);
}
document.querySelector("[data-signs-out]")?.addEventListener("submit", () => {
  for (const key of drafts()) localStorage.removeItem(key);
  sessionStorage.clear();
});
