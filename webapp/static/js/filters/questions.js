// What can be asked in a group, read from the panel: name in the address, words, and the values where they are few.

import { askForJson } from "../shared/asking.js";
import { all, get, isField } from "../shared/dom.js";
import { argOf } from "./names.js";

/**
 * @typedef {object} Question
 * @property {string} arg
 * @property {string} label
 * @property {string} [type] of the input, where any value may be typed
 * @property {[value: string, label: string][]} [options]
 */

/**
 * Values to tick; those of one condition are the options of one question.
 * @param {HTMLElement} part
 * @param {string} column
 * @param {Map<string, Question>} questions
 */
function readTicks(part, column, questions) {
  for (const tick of all(HTMLInputElement, ".facet input", part)) {
    const arg = argOf(tick.name);
    const label = tick.parentElement?.querySelector("span")?.textContent ?? "";
    const question = questions.get(arg) ?? { arg, label: column, options: [] };
    question.options?.push([tick.value, label]);
    questions.set(arg, question);
  }
}

/**
 * @param {HTMLElement} part
 * @param {string} column
 * @param {Map<string, Question>} questions
 */
function readFields(part, column, questions) {
  for (const field of all(HTMLElement, ".ops :is(select, input:not([type=hidden]))", part)) {
    if (!isField(field)) continue;
    const arg = argOf(field.name);
    const label = field.closest("label")?.querySelector("span")?.firstChild?.textContent ?? "";
    /** @type {Question} */
    const question = { arg, label: `${column} ${label}`, type: field.type };
    if (field instanceof HTMLSelectElement) {
      question.options = [...field.options].slice(1).map((option) => [option.value, option.text]);
    }
    questions.set(arg, question);
  }
}

/**
 * @param {HTMLElement} part one column's
 * @returns {Question[]}
 */
function questionsOf(part) {
  const column = get(HTMLElement, "summary span", part).textContent;
  /** @type {Map<string, Question>} */
  const questions = new Map();
  readTicks(part, column, questions);
  readFields(part, column, questions);
  for (const question of questions.values()) {
    if (question.arg.endsWith("_empty") && question.options?.length === 1) {
      question.label += ` ${question.options[0][1]}`;
    }
  }
  return [...questions.values()];
}

/**
 * Everything that can be asked of the records, whether or not the panel has a field for it.
 * @param {string} address
 * @returns {Promise<Question[]>}
 */
export async function otherQuestions(address) {
  /** @type {[arg: string, label: string, type: string, options: [string, string][]][] | null} */
  const told = address ? await askForJson(address) : null;
  return (told ?? []).map(([arg, label, type, options]) => ({
    arg,
    label,
    type,
    ...(options.length && { options }),
  }));
}

/** @param {HTMLFormElement} form */
export const questionsIn = (form) => all(HTMLElement, "details", form).flatMap(questionsOf);
