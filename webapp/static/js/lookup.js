// A reference chosen by typing: tom-select over a look-up's two inputs, the key's and the name's.

import "../vendor/tom-select.js";

const WAIT = 180;

/** Let tom-select offer names for a look-up; gives what it made, whose `control_input` is typed into. */
export function enhance(box) {
  const key = box.querySelector("input[type=hidden]");
  const name = box.querySelector("input:not([type=hidden])");
  const { lookupUrl, lookupNothing, lookupFailed, lookupClear } = box.dataset;
  const { id } = name;
  let found = new Set();
  let nothing = lookupNothing;
  let question = new AbortController();

  const ask = async (text, signal) => {
    const url = new URL(lookupUrl, location);
    url.searchParams.set("query", text);
    const answer = await fetch(url, { headers: { Accept: "application/json" }, signal }).catch(() => null);
    return answer?.ok ? answer.json().catch(() => null) : null;
  };
  const load = async (text, done) => {
    question.abort();
    question = new AbortController();
    const { signal } = question;
    const rows = await ask(text, signal);
    // A later question has overtaken this one.
    if (signal.aborted) return done();
    nothing = rows ? lookupNothing : lookupFailed;
    found = new Set((rows ?? []).map(([value]) => String(value)));
    select.clearOptions();
    return done((rows ?? []).map(([value, text]) => ({ value: String(value), text })));
  };
  const note = (sentence, asText) => `<div role="option" aria-disabled="true">${asText(sentence)}</div>`;
  const describe = (items) => {
    const chosen = items.length ? `${id}-chosen` : "";
    field.setAttribute("aria-describedby", `${name.getAttribute("aria-describedby") ?? ""} ${chosen}`.trim());
  };

  // tom-select finds the label by the id of what it stands for.
  name.removeAttribute("id");
  name.hidden = true;
  key.id = id;
  const select = new TomSelect(key, {
    maxItems: 1,
    options: key.value ? [{ value: key.value, text: name.value }] : [],
    items: key.value ? [key.value] : [],
    openOnFocus: false,
    // Otherwise a chosen name takes its field's place, and nothing can be pasted there.
    hidePlaceholder: false,
    highlight: false,
    loadThrottle: WAIT,
    refreshThrottle: 0,
    shouldLoad: () => true,
    load,
    // What the server finds by a reading, an English name or another code need not stand in the name.
    score:
      () =>
      ({ value }) =>
        Number(found.has(value)),
    render: {
      item: ({ text }, asText) => `<div id="${id}-chosen">${asText(text)}</div>`,
      loading: (_data, asText) => note("…", asText),
      no_results: (_data, asText) => note(nothing, asText),
    },
    // The name goes with the key: a draft, Back and the server read both.
    onChange(value) {
      name.value = this.options[value]?.text ?? "";
      describe(this.items);
    },
    onDropdownOpen(list) {
      if (list.getBoundingClientRect().bottom > innerHeight) box.scrollIntoView({ block: "center" });
    },
  });
  const { control, control_input: field, dropdown_content: list, wrapper } = select;

  // Whatever points to the look-up leads to where one types.
  key.removeAttribute("id");
  for (const label of document.querySelectorAll(`label[for="${field.id}"]`)) label.htmlFor = id;
  field.id = id;
  for (const told of ["aria-label", "aria-invalid", "aria-errormessage"]) {
    if (name.hasAttribute(told)) field.setAttribute(told, name.getAttribute(told));
  }
  if (name.required) field.setAttribute("aria-required", "true");
  if (name.hasAttribute("aria-label")) list.setAttribute("aria-label", name.getAttribute("aria-label"));
  describe(select.items);
  for (const type of ["input", "update"]) {
    field.addEventListener(type, () => wrapper.classList.toggle("typing", field.value !== ""));
  }

  const suggest = () => select.isOpen || field.value || select.load("");
  const clear = Object.assign(document.createElement("button"), {
    type: "button",
    className: "clear",
    textContent: "×",
    tabIndex: -1,
  });
  clear.setAttribute("aria-label", lookupClear);
  clear.addEventListener("click", (event) => {
    event.stopPropagation();
    select.clear();
    select.focus();
  });
  control.append(clear);
  // Before tom-select heeds them: it opens with what it has.
  control.addEventListener("click", ({ target }) => target === clear || suggest(), { capture: true });
  field.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "ArrowDown") suggest();
      // What stands there then is the answer to something else.
      else if (event.key === "Enter" && select.loading) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    { capture: true },
  );
  box.addEventListener("choose", ({ detail: { value, label } }) => {
    if (value) select.addOption({ value, text: label });
    select.setValue(value);
  });
  return select;
}

for (const box of document.querySelectorAll("[data-lookup-url]")) enhance(box);
