// Files that are chosen or dropped are sent one by one, each with a bar; without script the form sends them together.

import { get, make } from "../shared/dom.js";
import { word } from "../shared/words.js";

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
  const rows = files.map((file) => row(list, file));
  /** @type {string[]} */
  const urls = [];
  let isStopped = false;
  for (const { file, bar, said } of rows) {
    if (file.size > Number(word(form, "largest"))) {
      said.textContent = word(form, "tooLarge");
      isStopped = true;
      continue;
    }
    said.textContent = word(form, "sending");
    const sent = await sendOne(form, file, bar, said);
    said.textContent = word(form, sent ? "done" : "failed");
    if (sent) urls.push(...sent);
    else isStopped = true;
  }
  form.ariaBusy = "false";
  if (isStopped) return;
  const [only] = urls;
  location.assign(only && files.length === 1 ? only : location.href);
}

/**
 * @param {HTMLUListElement} list
 * @param {File} file
 */
function row(list, file) {
  const bar = make("progress", { max: 1, value: 0, ariaLabel: file.name });
  const said = make("span");
  list.append(make("li", {}, make("b", {}, file.name), bar, said));
  return { file, bar, said };
}

/**
 * The pages of what was sent, or null where it was not taken.
 * @param {HTMLFormElement} form
 * @param {File} file
 * @param {HTMLProgressElement} bar
 * @param {HTMLElement} said
 * @returns {Promise<string[] | null>}
 */
function sendOne(form, file, bar, said) {
  const data = new FormData();
  data.set("csrf_token", get(HTMLInputElement, "[name=csrf_token]", form).value);
  data.set("files", file);
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
