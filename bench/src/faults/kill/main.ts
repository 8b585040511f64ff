#!/usr/bin/env node
import { OwnPostgres } from "@tutti/testkit";
import { Command, Option } from "commander";
import { Progress } from "../../replay/progress.js";
import { natural, positive } from "../arguments.js";
import { type CampaignReport, runKillCampaign } from "./campaign.js";
import { reportLines } from "./report.js";
import { verifyData } from "./verify.js";

interface Flags {
  readonly kills: number;
  readonly writers: number;
  readonly documents: number;
  readonly processes: number;
  readonly seed: number;
  readonly auditEvery: number;
  readonly pause: number;
  readonly store: "sqlite" | "postgres";
  readonly databaseUrl?: string;
}

const command = new Command("faults:kill")
  .description("Kills a server with SIGKILL again and again under people who write, and looks for what it lost.")
  .option("--kills <number>", "how often", natural, 200)
  .option("--writers <number>", "people who write, each with a client of their own", positive, 20)
  .option("--documents <number>", "that they share", positive, 4)
  .option("--processes <number>", "that the writers are spread over", positive, 2)
  .option("--seed <number>", "decides what is written where and when the server dies", natural, 1)
  .option("--audit-every <number>", "kills between two audits by a new process", positive, 20)
  .option("--pause <milliseconds>", "longest pause between two words of one writer", natural, 40)
  .addOption(
    new Option("--store <kind>", "where the server keeps it").choices(["sqlite", "postgres"]).default("sqlite"),
  )
  .addOption(
    new Option("--database-url <url>", "of an empty database, for --store postgres; left out, one is started").env(
      "TUTTI_DATABASE_URL",
    ),
  );

async function main(): Promise<CampaignReport> {
  const { store, databaseUrl, ...settings } = command.parse().opts<Flags>();
  if (store === "sqlite") return run(settings, undefined);
  if (databaseUrl !== undefined) return run(settings, databaseUrl);
  const postgres = await OwnPostgres.start();
  try {
    return await run(settings, postgres.url);
  } finally {
    await postgres.dispose();
  }
}

async function run(
  settings: Omit<Flags, "store" | "databaseUrl">,
  databaseUrl: string | undefined,
): Promise<CampaignReport> {
  const environment = { TUTTI_DATABASE_URL: databaseUrl };
  const bar = new Progress(process.stdout, settings.kills, () => performance.now(), "kills");
  const report = await runKillCampaign({
    ...settings,
    environment,
    progress: (kills) => bar.update(kills),
    stopped: (data) => verifyData(data, environment),
  });
  bar.finish();
  return report;
}

try {
  const report = await main();
  process.stdout.write(`${reportLines(report).join("\n")}\n`);
  process.exitCode = report.problems.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`faults:kill: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 2;
}
