// Runs every test that this machine can run, names what it skipped and why, and ends with the count.
// With TUTTI_SKIP=none a skipped test is a failure.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "tutti-test-"));
const report = join(folder, "report.json");
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const options = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const run = spawnSync(process.execPath, [vitest, ...options, ...process.argv.slice(2)], { stdio: "inherit" });

try {
  process.exitCode = summarise(JSON.parse(readFileSync(report, "utf8")));
} catch (error) {
  process.stderr.write(`The tests did not finish: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function summarise(results) {
  const files = results.testResults;
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length;
  const skipped = tests.filter((test) => ["pending", "skipped", "todo", "disabled"].includes(test.status));
  for (const test of skipped) {
    process.stdout.write(`skipped: ${relative(process.cwd(), test.file)}: ${test.fullName}\n`);
  }
  // A file that could not even be loaded has no tests to count.
  const broken = files.filter(
    (file) => file.status === "failed" && file.assertionResults.every((t) => t.status !== "failed"),
  );
  const refused = process.env.TUTTI_SKIP === "none" ? skipped.length : 0;
  const failed = count("failed") + broken.length + refused;
  const tail = skipped.length > 0 && refused === 0 ? `, ${skipped.length} skipped` : "";
  process.stdout.write(`${count("passed")} passed, ${failed} failed${tail}\n`);
  return failed === 0 && run.status === 0 ? 0 : 1;
}
