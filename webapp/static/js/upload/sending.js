// Files that are chosen or dropped are sent one by one, each with a bar, and reports of EDINET together, as they have one
// preview; without script the form sends all of them at once.

import { get, make } from "../shared/dom.js";
import { word } from "../shared/words.js";

// As EDINET names what it gives: by the document's id.
const REPORT = /^S[0-9A-Z]{7}(?![0-9A-Z]).*\.zip$/iu;
// As many as the server takes as one.
const MOST_TOGETHER = 100;

/** Let the form send its files one by one, and take those that are dropped on the page. */
export function sendFiles() {
  const form = get(HTMLFormElement, "form[data-upload]");
  const input = get(HTMLInputElement, "input[type=file]", form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, [...(input.files ?? [])]);
  });
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    form.classList.remove("over");
    send(form, files);
  });
}

/**
 * One after another, as the tables that they are compared with are for one at a time.
 * @param {HTMLFormElement} form
 * @param {File[]} files
 */
async function send(form, files) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const list = get(HTMLUListElement, "[data-sent]", form);
  list.hidden = false;
  const rows = parcels(files).map((some) => row(list, some));
  /** @type {string[]} */
  const urls = [];
  let isStopped = false;
  for (const { some, bar, said } of rows) {
    if (some.some((file) => file.size > Number(word(form, "largest")))) {
      said.textContent = word(form, "tooLarge");
      isStopped = true;
      continue;
    }
    said.textContent = word(form, "sending");
    const sent = await sendTogether(form, some, bar, said);
    said.textContent = word(form, sent ? "done" : "failed");
    if (sent) urls.push(...sent);
    else isStopped = true;
  }
  form.ariaBusy = "false";
  if (isStopped) return;
  const [only] = urls;
  location.assign(only && rows.length === 1 && urls.length === 1 ? only : location.href);
}

/**
 * The files as they are sent: those of other kinds one by one and first, as days of the register come before reports.
 * @param {File[]} files
 * @returns {File[][]}
 */
function parcels(files) {
  const reports = files.filter((file) => REPORT.test(file.name));
  const some = files.filter((file) => !reports.includes(file)).map((file) => [file]);
  for (let first = 0; first < reports.length; first += MOST_TOGETHER)
    some.push(reports.slice(first, first + MOST_TOGETHER));
  return some;
}

/**
 * @param {HTMLUListElement} list
 * @param {File[]} some
 */
function row(list, some) {
  const [first, last] = [some[0]?.name ?? "", some.at(-1)?.name];
  const name = some.length > 1 ? `${first}–${last} (${some.length})` : first;
  const bar = make("progress", { max: 1, value: 0, ariaLabel: name });
  const said = make("span");
  list.append(make("li", {}, make("b", {}, name), bar, said));
  return { some, bar, said };
}

/**
 * The pages of what was sent, or null where it was not taken.
 * @param {HTMLFormElement} form
 * @param {File[]} some
 * @param {HTMLProgressElement} bar
 * @param {HTMLElement} said
 * @returns {Promise<string[] | null>}
 */
function sendTogether(form, some, bar, said) {
  const data = new FormData();
  data.set("csrf_token", get(HTMLInputElement, "[name=csrf_token]", form).value);
  for (const file of some) data.append("files", file);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    bar.value = loaded / (total || 1);
  });
  request.upload.addEventListener("load", () => {
    // How far the comparing is, nobody says yet.
    bar.removeAttribute("value");
    said.textContent = word(form, "comparing");
  });
  return new Promise((answered) => {
    request.addEventListener("loadend", () => {
      bar.value = 1;
      answered(request.status === 200 ? (request.response?.urls ?? []) : null);
    });
    request.send(data);
  });
}
