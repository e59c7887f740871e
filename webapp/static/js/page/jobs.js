// How far jobs have come: asked of the server each second until they have ended. Then their page is another one.

import { askForPage } from "../shared/asking.js";
import { all } from "../shared/dom.js";
import { word } from "../shared/words.js";

const PAUSE = 1000;

/** @param {HTMLElement} job */
async function ask(job) {
  if (document.hidden) return later(job);
  const page = await askForPage(word(job, "job"));
  const news = page?.querySelector(".job");
  if (!(news instanceof HTMLElement)) return later(job);
  job.replaceWith(news);
  if (news.dataset.job) later(news);
  else if (news.closest("[data-then-anew]")) location.reload();
}

/** @param {HTMLElement} job */
function later(job) {
  setTimeout(() => job.isConnected && ask(job), PAUSE);
}

export function watchJobs() {
  for (const job of all(HTMLElement, "[data-job]")) later(job);
}
