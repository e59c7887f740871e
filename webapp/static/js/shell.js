// What every page does: menus, dialogs, keys, the command palette, theme and row height.

import { switchAppearance } from "./page/appearance.js";
import { openDialogs } from "./page/dialogs.js";
import { forgetDrafts } from "./page/drafts.js";
import { sayEras } from "./page/eras.js";
import { watchJobs } from "./page/jobs.js";
import { heedKeys } from "./page/keys.js";
import { closeMenus, fetchMenus } from "./page/menus.js";
import { preparePalette } from "./page/palette.js";
import { revealPasswords } from "./page/passwords.js";

closeMenus();
fetchMenus();
switchAppearance();
revealPasswords();
sayEras();
openDialogs();
heedKeys();
preparePalette();
forgetDrafts();
watchJobs();
