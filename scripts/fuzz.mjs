// Fuzzes the laws of packages/ot: npm run fuzz -- --seconds 60 --seed 1 --cases 1000000
// Found cases are printed in the form of packages/ot/test/fuzz/corpus.json, which is replayed first.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "60" }, seed: { type: "string" }, cases: { type: "string" } },
});
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const env = {
  ...process.env,
  TUTTI_FUZZ_SECONDS: values.seconds,
  ...(values.seed === undefined ? {} : { TUTTI_FUZZ_SEED: values.seed }),
  ...(values.cases === undefined ? {} : { TUTTI_FUZZ_CASES: values.cases }),
};
const options = ["run", "packages/ot/test/fuzz.test.ts", "--disableConsoleIntercept"];
process.exitCode = spawnSync(process.execPath, [vitest, ...options], { stdio: "inherit", env }).status ?? 1;
