// Takes away for a while what the browser draws nothing of, and what is built as others are: axe passes over the one and
// says the same of the other, but at the price of what it looks at.
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

  const named = (attributes, where = "") =>
    new Set(
      [...document.querySelectorAll(attributes.map((one) => `[${one}]${where}`))]
        .filter(isDrawn)
        .flatMap((at) => attributes.flatMap((one) => (at.getAttribute(one) ?? "").split(/\s+/u))),
    );
  // What axe asks for wherever it is.
  const SOUGHT = "[accesskey], area, audio, video, blink, marquee";
  const placesLedTo = () =>
    [...document.querySelectorAll("a[href^='#']")].filter(isDrawn).map((at) => at.hash.slice(1));

  // What a colour or a size can hang on counts as it is, what a value says only as being there.
  const WHOLE = ["class", "style", "role", "tabindex", "colspan", "rowspan"];
  const built = ({ name, value }) =>
    WHOLE.includes(name) || /^[a-z-]*$/u.test(value) ? `${name}=${value}` : name;
  // axe judges no colour of a single letter or of signs alone.
  const written = (text) =>
    /[\p{L}\p{N}]/u.test(text) && text.trim().length > 1 ? "words" : text.trim() && "sign";
  const headOf = (at) =>
    [at.localName, at.matches(":checked"), ...[...at.attributes].map(built).sort()].join(" ");
  const skeleton = (node) =>
    node instanceof Element
      ? `<${headOf(node)}>${[...node.childNodes].map(skeleton).join("")}</>`
      : node.nodeType === Node.TEXT_NODE && written(node.data);

  // Rows, items and choices are alike: two of each build tell as much as fifty.
  const AROUND = "tbody:not(:has([headers], [rowspan])), ul, ol, menu, select, optgroup";
  const ALIKE = "tr, li, option";
  // Of a row it is its cells that are of a build, each in its column.
  const partsOf = (at) => {
    const head = headOf(at);
    return at.matches("tr")
      ? [head, ...[...at.cells].map((cell) => `${head} ${cell.cellIndex} ${skeleton(cell)}`)]
      : [skeleton(at)];
  };
  const further = () => {
    const askedFor = named([...WORDS, ...PRESENCE], `:not(:is(${ALIKE}) *)`);
    const isAskedFor = (at) => at.id && askedFor.has(at.id);
    const stays = (at) =>
      !at.matches(ALIKE) ||
      !at.nextElementSibling ||
      at.contains(document.activeElement) ||
      at.querySelector(":popover-open, dialog[open]") ||
      [at, ...at.querySelectorAll("[id]")].some(isAskedFor);
    const within = (around) => {
      const times = new Map();
      return [...around.children].filter((at) => {
        const parts = partsOf(at);
        const isAlike = parts.every((part) => times.get(part) > 1);
        for (const part of parts) times.set(part, (times.get(part) ?? 0) + 1);
        return isAlike && !stays(at);
      });
    };
    return [...document.querySelectorAll(AROUND)].flatMap(within);
  };

  // axe asks whether two share the id that a name refers to; it is asked of all, before any is taken away.
  const sharedIds = () => {
    const ids = [...document.querySelectorAll("[id]")].map((at) => at.id);
    return [...new Set(ids.filter((id, place) => ids.indexOf(id) !== place))];
  };

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
    const alike = further().map((at) => [at, at.parentElement, at.nextSibling]);
    for (const [at] of alike) at.remove();
    // The element itself stays, for the styles of its neighbours.
    const taken = undrawn().map((at) => [at, [...at.childNodes]]);
    for (const [at] of taken) at.replaceChildren();
    return () => {
      for (const [at, nodes] of taken) at.replaceChildren(...nodes);
      for (const [at, around, next] of alike.reverse()) around.insertBefore(at, next);
    };
  };

  window.drawn = { takeAway, sharedIds };
})();
