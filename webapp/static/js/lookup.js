// A reference chosen by typing: a combobox with a listbox by the ARIA practices; the key travels in a hidden input.

const WAIT = 180;
let number = 0;

/** Make a combobox of a look-up's two inputs. */
export function enhance(box) {
  const key = box.querySelector("input[type=hidden]");
  const field = box.querySelector("input:not([type=hidden])");
  const list = document.createElement("ul");
  const least = Number(box.dataset.lookupMin ?? 1);
  let chosen = field.value;
  let here = -1;
  let turn = 0;
  let wait;

  list.id = `lookup-${++number}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels?.[0]?.textContent.trim() ?? field.name);
  list.hidden = true;
  box.append(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("autocomplete", "off");

  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
    else if (list.getBoundingClientRect().bottom > innerHeight) box.scrollIntoView({ block: "center" });
  };
  const mark = (index) => {
    const all = options();
    here = index < 0 || !all.length ? -1 : (index + all.length) % all.length;
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === here)));
    if (here < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", all[here].id);
      all[here].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (value, label) => {
    clearTimeout(wait);
    turn += 1;
    key.value = value;
    field.value = chosen = label;
    show(false);
    key.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const item = (text, at) => {
    const option = document.createElement("li");
    option.setAttribute("role", "option");
    option.id = `${list.id}-${at}`;
    option.textContent = text;
    list.append(option);
    return option;
  };
  const ask = async () => {
    const mine = ++turn;
    const url = new URL(box.dataset.lookupUrl, location);
    url.searchParams.set("query", field.value.trim());
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== turn) return;
    const rows = answer?.ok ? await answer.json() : null;
    if (mine !== turn) return;
    list.replaceChildren();
    for (const [value, label] of rows ?? []) {
      const option = item(label, list.childElementCount);
      option.addEventListener("click", () => take(String(value), label));
    }
    if (!rows?.length) {
      const words = rows ? box.dataset.lookupNothing : box.dataset.lookupFailed;
      item(words ?? "—", 0).setAttribute("aria-disabled", "true");
    }
    show(true);
  };
  const soon = () => {
    clearTimeout(wait);
    if (field.value.trim().length < least) {
      turn += 1;
      show(false);
      return;
    }
    wait = setTimeout(ask, WAIT);
  };
  /** What was typed but not chosen is no reference: an empty field clears it, anything else goes back. */
  const settle = () => {
    clearTimeout(wait);
    turn += 1;
    show(false);
    if (field.value === chosen) return;
    if (field.value.trim() === "") take("", "");
    else field.value = chosen;
  };

  field.addEventListener("input", (event) => event.isComposing || soon());
  field.addEventListener("compositionend", soon);
  field.addEventListener("blur", settle);
  box.addEventListener("choose", ({ detail }) => take(detail.value, detail.label));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else mark(here < 0 && event.key === "ArrowUp" ? options().length - 1 : here + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      (options()[here] ?? (options().length === 1 ? options()[0] : null))?.click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    }
  });
  show(false);
}

for (const box of document.querySelectorAll("[data-lookup-url]")) enhance(box);
