// Writes docs/configuration.md from the table of settings. Build first: npx tsc -b packages/server
import { writeFileSync } from "node:fs";
import { configurationReference } from "../packages/server/dist/configuration/reference.js";

writeFileSync(new URL("../docs/configuration.md", import.meta.url), configurationReference());
