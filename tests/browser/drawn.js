// Takes away for a while what the browser draws nothing of: axe passes over it, but at the price of what it looks at.
(() => {
  const OTHERS = "option, optgroup, script, style, template, noscript";
  // Whose words are read wherever they stand, and what must only be there.
  const WORDS = ["aria-labelledby", "aria-describedby", "aria-details", "aria-errormessage", "aria-owns"];
  const PRESENCE = [
    "for",
    "headers",
    "list",
    "form",
    "aria-controls",
    "aria-activedescendant",
    "aria-flowto",
  ];
  const isContents = (at) => getComputedStyle(at).display === "contents";
  const isDrawn = (at) => at.checkVisibility() || isContents(at);

  const named = (attributes) =>
    new Set(
      [...document.querySelectorAll(attributes.map((one) => `[${one}]`))]
        .filter(isDrawn)
        .flatMap((at) => attributes.flatMap((one) => (at.getAttribute(one) ?? "").split(/\s+/u))),
    );
  // What axe asks for wherever it is.
  const SOUGHT = "[accesskey], area, audio, video, blink, marquee";
  const placesLedTo = () =>
    [...document.querySelectorAll("a[href^='#']")].filter(isDrawn).map((at) => at.hash.slice(1));

  // Rows are alike: ten of them tell as much as fifty, in a fifth of the time.
  const furtherRows = () =>
    [...document.querySelectorAll("tbody > tr:nth-child(n + 11)")].filter(
      (row) => !row.contains(document.activeElement),
    );

  // Elements that are not drawn, and whose content axe asks for nowhere.
  const undrawn = () => {
    const read = named(WORDS);
    const present = new Set([...named(PRESENCE), ...placesLedTo()]);
    const isRead = (at) => read.has(at.id) || (at.control && isDrawn(at.control));
    const holdsAnyAskedFor = (at) =>
      at.querySelector(SOUGHT) ||
      [...at.querySelectorAll("[id], label[for]")].some((one) => present.has(one.id) || isRead(one));
    const stays = (at) => !(at instanceof HTMLElement) || at.matches(OTHERS) || isRead(at);
    const within = (around) =>
      [...around.children].flatMap((at) => {
        if (isDrawn(at) || (!stays(at) && holdsAnyAskedFor(at))) return within(at);
        return stays(at) ? [] : [at];
      });
    return within(document.body);
  };

  const takeAway = () => {
    const rows = furtherRows().map((row) => [row, row.parentElement, row.nextSibling]);
    for (const [row] of rows) row.remove();
    // The element itself stays, for the styles of its neighbours.
    const taken = undrawn().map((at) => [at, [...at.childNodes]]);
    for (const [at] of taken) at.replaceChildren();
    return () => {
      for (const [at, nodes] of taken) at.replaceChildren(...nodes);
      for (const [row, around, next] of rows.reverse()) around.insertBefore(row, next);
    };
  };

  window.drawn = { takeAway };
})();
