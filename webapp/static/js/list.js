// A list of records: chosen rows, rows by keyboard, order, a look at one record, cells edited in place, filters.

import "./shell.js";
import { filterRows } from "./filters/panel.js";
import { editByDoubleClick, isEditable } from "./list/editable_cells.js";
import { HeldKeys } from "./list/held_keys.js";
import { orderByColumns } from "./list/order.js";
import { pasteRanges } from "./list/pasting.js";
import { walkRows } from "./list/rows.js";
import { chooseRows } from "./list/selection.js";

const keyboard = new HeldKeys();

/** @param {Element | null | undefined} cell */
async function edit(cell) {
  if (!isEditable(cell)) return;
  keyboard.hold(cell, true);
  try {
    // A bundle of its own: few who read a list edit its cells.
    const cells = await import("./cells.js");
    await cells.edit(cell, keyboard);
  } catch (error) {
    keyboard.drop();
    throw error;
  }
}

chooseRows();
walkRows(edit);
editByDoubleClick(edit);
orderByColumns();
pasteRanges();
filterRows();
