// Whose a key is: the page's, the field's or the IME's.

const TEXT = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

/**
 * The Enter that ends a conversion belongs to the IME, also where the browser reports it late.
 * @param {KeyboardEvent} event
 */
export const isOfTheIme = (event) => event.isComposing || event.keyCode === 229;

/**
 * True while a key must be left to the field, the IME or the browser.
 * @param {KeyboardEvent} event
 */
export function isTyping(event) {
  const { target } = event;
  if (isOfTheIme(event)) return true;
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TEXT));
}

/**
 * Whether a letter is pressed with Ctrl, or with Cmd.
 * @param {KeyboardEvent} event
 * @param {string} letter
 */
export const isCommand = (event, letter) =>
  (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === letter;

export const isDialogOpen = () => document.querySelector("dialog[open]") !== null;
