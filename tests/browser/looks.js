// What WCAG asks of a page and axe does not look at. Each function gives one line per fault.
(() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const name = (at) => at.outerHTML.replace(/\s+/gu, " ").slice(0, 140);
  const style = (at) => getComputedStyle(at);
  const seen = (at) => {
    const box = at.getBoundingClientRect();
    return (
      box.width > 1 &&
      box.height > 1 &&
      at.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    );
  };
  // Skip links and the like wait outside of the page until they have the focus.
  const isParked = (at) => {
    const box = at.getBoundingClientRect();
    return (
      box.bottom <= 0 ||
      (box.right <= 0 && style(at).position !== "static") ||
      at.closest(".skips, .sr-until-focus")
    );
  };
  const controls = () => [...document.querySelectorAll(CONTROLS)].filter((at) => seen(at) && !isParked(at));

  const structure = () => {
    const found = [];
    const count = (what) => document.querySelectorAll(what).length;
    if (!["ja", "en"].includes(document.documentElement.lang))
      found.push(`lang is ${document.documentElement.lang}`);
    if (count("h1") !== 1) found.push(`${count("h1")} h1`);
    if (!document.querySelector("h1")?.textContent.trim()) found.push("h1 says nothing");
    if (count("main") !== 1) found.push(`${count("main")} main`);
    if (!document.title.trim()) found.push("no title");
    const beyond = document.documentElement.scrollHeight - Math.max(innerHeight, document.body.offsetHeight);
    if (beyond > 0 && !document.querySelector("details.menu[open]"))
      found.push(`${beyond}px of nothing below its end`);
    return found;
  };

  const sticksOut = (box, edge) => box.right > edge.right + 1 || box.left < edge.left - 1;
  // Whether somebody can bring it into view: an ancestor scrolls and is in view, or an ancestor cuts it off.
  const cut = (at) => {
    let box = at.getBoundingClientRect();
    for (let around = at.parentElement; around && around !== document.body; around = around.parentElement) {
      const { overflowX } = style(around);
      const edge = around.getBoundingClientRect();
      if (["auto", "scroll"].includes(overflowX) && around.scrollWidth > around.clientWidth) box = edge;
      else if (["hidden", "clip"].includes(overflowX) && sticksOut(box, edge)) return true;
      if (around.matches("dialog, [popover]:popover-open")) break;
    }
    return sticksOut(box, { left: 0, right: innerWidth });
  };
  const sideways = async () => {
    // A reader who came to a control by this size would have it in view.
    document.activeElement.scrollIntoView({ block: "nearest", inline: "nearest" });
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const found = controls()
      .filter(cut)
      .map((at) => `cut off: ${name(at)}`);
    const beyond = document.scrollingElement.scrollWidth - innerWidth;
    if (beyond > 0) found.push(`scrolls sideways by ${beyond}px`);
    for (const at of controls()) {
      const hides = at.matches("button, a.btn, summary") && style(at).overflowX !== "visible";
      if (hides && at.scrollWidth > at.clientWidth + 1) found.push(`its words are cut off: ${name(at)}`);
    }
    return found;
  };

  const shows = (at) => {
    const box = at.getBoundingClientRect();
    const across = [0.1, 0.5, 0.9].map((part) => box.left + box.width * part);
    const down = [0.1, 0.5, 0.9].map((part) => box.top + box.height * part);
    return across.some((x) =>
      down.some((y) => {
        const top = document.elementFromPoint(x, y);
        return top && (at.contains(top) || top.contains(at));
      }),
    );
  };
  // Call it after a key was pressed: only then does a browser show a focus that a script has set.
  const focus = () => {
    const found = [];
    // What is open comes first: it closes when the focus leaves it.
    const isOpen = (at) => Boolean(at.closest("details[open], dialog[open], :popover-open"));
    // Tab does not lead out of the editor of a cell while it is open: it saves, and opens the next one.
    const cell = document.querySelector("form.cell:popover-open");
    const all = controls()
      .filter((at) => !cell || cell.contains(at))
      .sort((one, other) => isOpen(other) - isOpen(one));
    for (const at of all) {
      at.focus();
      if (document.activeElement !== at) continue; // closed by now, behind a dialog, disabled
      const hasOutline = (one) =>
        style(one).outlineStyle !== "none" && parseFloat(style(one).outlineWidth) > 0;
      if (!hasOutline(at) && !hasOutline(at.parentElement))
        found.push(`its focus cannot be seen: ${name(at)}`);
      if (!shows(at)) found.push(`something covers it when it has the focus: ${name(at)}`);
    }
    return found;
  };

  // With prefers-reduced-motion: nothing moves, fades or scrolls by itself.
  const motion = () => {
    const lasts = (times) =>
      Math.max(...times.split(",").map((time) => parseFloat(time) * (time.includes("ms") ? 1 : 1000)));
    const moves = (at) => {
      const { animationName, animationDuration, transitionDuration, scrollBehavior } = style(at);
      return (
        (animationName !== "none" && lasts(animationDuration) > 10) ||
        lasts(transitionDuration) > 10 ||
        scrollBehavior === "smooth"
      );
    };
    return [...document.querySelectorAll("*")].filter(moves).map((at) => `moves: ${name(at)}`);
  };

  // Words of ours in another language than the page's: what comes from records stands in rows, in boxes and in facets.
  const foreign = () => {
    const ours = "h2, button, summary, label, legend, th, .hint, .side a, .acts a, .tools a, [role=menuitem]";
    const isOfRecords = (at) =>
      at.closest(
        "tbody, :not(html)[lang], #palette, #peek, .facet, .chips, .views, [data-views], [data-view], [data-key=v], [id^=item-]",
      );
    const said = (at) => [at.textContent, at.title, at.ariaLabel].join(" ");
    return [...document.querySelectorAll(ours)]
      .filter((at) => seen(at) && !isOfRecords(at) && /[\u3040-\u30ff\u4e00-\u9fff]/u.test(said(at)))
      .map((at) => `not said in English: ${name(at)}`);
  };

  window.looks = { structure, sideways, focus, motion, foreign };
})();
