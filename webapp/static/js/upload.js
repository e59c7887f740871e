// Where files are brought: what every page does, and sending them one by one.

import "./shell.js";
import { sendFiles } from "./upload/sending.js";

sendFiles();
