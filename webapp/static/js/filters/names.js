// Names of conditions in an address: flt2_name_contains, and flt2.a_name_contains in the group a.

/** @param {string} name */
export const argOf = (name) => name.replace(/^flt\d*(\.[a-z])?_/u, "");

let number = 1000;

/**
 * A name of its own for a condition of a group.
 * @param {string} letter
 * @param {string} arg
 */
export function nameIn(letter, arg) {
  const name = `flt${number}.${letter}_${arg}`;
  number += 1;
  return name;
}
