// A press that has begun: between pressing and releasing nothing may go or move under the pointer, or the click is lost.

// Whoever drags out of the window may never be seen to release.
const LONGEST = 2000;

/** @type {Element | null} */
let pressed = null;
let isHeld = false;

/** @param {PointerEvent} event */
function begin({ target }) {
  pressed = target instanceof Element ? target : null;
  isHeld = true;
}

addEventListener("pointerdown", begin, { capture: true });
for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(
    kind,
    () => {
      isHeld = false;
    },
    { capture: true },
  );
}

/** What the last press began on: where it was dragged to before it was released, a click says something else. */
export const pressedOn = () => pressed;

/**
 * Wait until no press is under way, and the click that it becomes has been heeded; gives what was pressed meanwhile.
 * @returns {Promise<Element | null>}
 */
export function released() {
  return new Promise((resolve) => {
    if (!isHeld) {
      resolve(null);
      return;
    }
    const end = new AbortController();
    const done = () => {
      end.abort();
      const on = pressed;
      setTimeout(() => resolve(on));
    };
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, done, { signal: end.signal });
    setTimeout(done, LONGEST);
  });
}
