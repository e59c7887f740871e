// What this browser keeps of forms that are not stored: one for each person and record.

/**
 * What somebody has changed in a form.
 * @typedef {object} Kept
 * @property {string} token of the form: under it, it is one change
 * @property {string} storedAs what a page says of the form once it is stored
 * @property {boolean} isSent
 * @property {string} version of the record from which it was made; blank for a new record
 * @property {number} when
 * @property {string} address
 * @property {string} title
 * @property {string} unit of its amounts of money, as so many yen
 * @property {Record<string, string>} values of the changed fields
 */

const START = "draft:";

/** @param {string} person */
const startFor = (person) => `${START}${person}:`;

/**
 * @param {string} person
 * @param {string} record
 */
export const keyFor = (person, record) => startFor(person) + record;

/**
 * Nothing where there is none, or none of this kind: one that holds every field would undo what others saved.
 * @param {string} key
 * @returns {Kept | null}
 */
export function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    return kept?.address ? kept : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {Kept} kept
 */
export const write = (key, kept) => localStorage.setItem(key, JSON.stringify(kept));

/** @param {string} key */
export const forget = (key) => localStorage.removeItem(key);

/** @returns {string[]} */
export const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(START));

/**
 * Somebody's, latest first.
 * @param {string} person
 */
export const draftsOf = (person) =>
  keys()
    .filter((key) => key.startsWith(startFor(person)))
    .flatMap((key) => {
      const kept = read(key);
      return kept ? [{ key, kept }] : [];
    })
    .toSorted((one, other) => other.kept.when - one.kept.when);
