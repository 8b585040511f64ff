import { run } from "./commands/run.js";
import { systemTerminal } from "./commands/system-terminal.js";

/** What may still be open when a command has ended, such as storage that does not answer, is given so long (ms). */
const GRACE = 1000;

process.exitCode = await run(process.argv.slice(2), systemTerminal(process));
setTimeout(() => process.exit(), GRACE).unref();
