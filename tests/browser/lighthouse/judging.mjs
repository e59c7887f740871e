// Judges pages, one after the other in one process: to start Lighthouse takes longer than to look at a page.
// In: {flags, pages: [{address, port of the browser that shows it}]}. Out: a report for each page.

import { readFileSync } from "node:fs";
import { argv, stdout } from "node:process";
import lighthouse, { desktopConfig } from "lighthouse";

const { flags, pages } = JSON.parse(readFileSync(argv[2], "utf8"));
const reports = [];
for (const { address, port } of pages) {
  // Two at once in a process would measure each other.
  const seen = await lighthouse(address, { ...flags, port }, desktopConfig);
  reports.push(seen?.lhr);
}
stdout.write(JSON.stringify(reports));
