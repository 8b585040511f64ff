import { grouped } from "../../replay/figures.js";
import { megabytes } from "./run-scenario.js";
import type { FloodReport } from "./scenario.js";

/** The figures of a scenario, line by line. */
export function reportLines(report: FloodReport): readonly string[] {
  const { scenario, calm, during, memoryBefore, memoryPeak, memoryAfter, recovery, milliseconds } = report;
  const lines: readonly (readonly [string, string])[] = [
    ["lasted", `${(milliseconds / 1000).toFixed(1)} s${scenario.rounds > 1 ? `, ${scenario.rounds} rounds` : ""}`],
    [
      "memory",
      `${megabytes(memoryBefore)} before, ${megabytes(memoryPeak)} at most (bound ${megabytes(scenario.memory)}), ` +
        `${megabytes(memoryAfter)} afterwards`,
    ],
    ["others, calm", calm.describe()],
    ["others", `${during.describe()}${scenario.others === undefined ? "" : ` (bound p99 ${scenario.others} ms)`}`],
    ["recovery", `${grouped(recovery)} ms`],
    ...report.notes.map((note) => ["", note] as const),
    ...report.problems.map((problem) => ["WRONG", problem] as const),
  ];
  const title = `${scenario.name}: ${scenario.description}${report.problems.length === 0 ? "" : ": FAILED"}`;
  return [title, ...lines.map(([name, value]) => `  ${name.padEnd(14)}${value}`)];
}
