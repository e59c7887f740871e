// The section that is in sight is marked in the row of sections.

import { all } from "../shared/dom.js";

// Just below the row of sections, which stays at the top.
const TOP = 160;
const BEFORE_IT = 40;

/** @param {HTMLAnchorElement} link */
function isReached(link) {
  const section = document.querySelector(link.hash);
  return section !== null && section.getBoundingClientRect().top < TOP;
}

/** @param {HTMLAnchorElement} link */
function mark(link) {
  if (link.hasAttribute("aria-current")) return;
  link.setAttribute("aria-current", "true");
  const row = link.closest(".sections");
  if (row) row.scrollLeft = link.offsetLeft - BEFORE_IT;
}

export function markSections() {
  const links = all(HTMLAnchorElement, ".sections a");
  if (!links.length) return;
  const show = () => {
    const now = links.findLast(isReached) ?? links[0];
    for (const link of links) if (link !== now) link.removeAttribute("aria-current");
    mark(now);
  };
  addEventListener("scroll", show, { passive: true });
  show();
}
