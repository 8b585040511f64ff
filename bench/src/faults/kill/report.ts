import { grouped } from "../../replay/figures.js";
import type { CampaignReport } from "./campaign.js";

/** Problems that are told one by one. */
const SHOWN = 20;

/** The figures of a campaign, line by line. */
export function reportLines(report: CampaignReport): readonly string[] {
  const { kills, killsWhileStarting, acknowledged, versionsWritten, missing, doubled, strange } = report;
  const lines: readonly (readonly [string, string])[] = [
    ["kills", `${grouped(kills)} with SIGKILL, ${grouped(killsWhileStarting)} of them while it started`],
    ["acknowledged", `${grouped(acknowledged)} tokens in ${grouped(versionsWritten)} operations`],
    ["missing", grouped(missing)],
    ["doubled", grouped(doubled)],
    ["strange", grouped(strange)],
    ["replicas", `${grouped(report.replicas)} compared with the server`],
    ["old versions", `${grouped(report.versions)} read and computed anew`],
    ["start", report.ready.describe()],
    ["recovery", report.recovered.describe()],
    ["time", `${(report.milliseconds / 1000).toFixed(1)} s`],
  ];
  const verdict =
    report.problems.length === 0
      ? ["No acknowledged edit is missing, none is doubled, everybody has the same."]
      : report.problems.slice(0, SHOWN).map((problem) => `WRONG: ${problem}`);
  return [...lines.map(([name, value]) => `${name.padEnd(14)}${value}`), ...verdict];
}
