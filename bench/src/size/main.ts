#!/usr/bin/env node
import { LARGEST_START, measureBundle } from "./bundle.js";
import { report } from "./report.js";

const size = await measureBundle();
process.stdout.write(`${report(size, { modules: process.argv.includes("--modules") })}\n`);
if (size.start.gzipped > LARGEST_START) {
  process.stderr.write("The client is too large: `npm run size -- --modules` shows what takes the room.\n");
  process.exitCode = 1;
}
