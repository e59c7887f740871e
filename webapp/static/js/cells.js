// Cells of a list edited where they stand; fetched when the first one is.

import { edit, guardEditor } from "./cells/editing.js";

guardEditor();

export { edit };
