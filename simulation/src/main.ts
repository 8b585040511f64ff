import { parseArgs } from "node:util";
import { type Outcome, simulate } from "./simulate.js";
import type { Fault } from "./world/plan.js";
import { describe } from "./world/trace.js";

const USAGE = `Runs whole systems under one seed each and checks that nothing is lost.

  --seed S      one seed, with everything that happens
  --from F      many seeds, the first one (0)
  --count N     how many (1000)
`;

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function report(outcome: Outcome): void {
  for (const { promise, message } of outcome.violations.slice(0, 5))
    print(`seed ${outcome.seed}: ${promise}: ${message}`);
}

async function verbosely(seed: number): Promise<boolean> {
  const outcome = await simulate({ seed, listener: (event) => print(describe(event)) });
  print(JSON.stringify(outcome.plan));
  report(outcome);
  print(`${outcome.commits} operations, ${Math.round(outcome.elapsed)} ms, ${outcome.violations.length} violations`);
  return outcome.violations.length === 0;
}

async function manySeeds(from: number, count: number): Promise<boolean> {
  const started = process.hrtime.bigint();
  let [failed, commits, composed, lostWrites] = [0, 0, 0, 0];
  const struck = new Map<Fault, number>();
  for (let seed = from; seed < from + count; seed += 1) {
    const outcome = await simulate({ seed });
    commits += outcome.commits;
    composed += outcome.composed;
    lostWrites += outcome.lostWrites;
    for (const [fault, times] of outcome.struck) struck.set(fault, (struck.get(fault) ?? 0) + times);
    if (outcome.violations.length === 0) continue;
    failed += 1;
    report(outcome);
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  print(
    `${count} seeds, ${failed} failed; ${commits} operations, ${composed} told composed, in ${seconds.toFixed(1)} s`,
  );
  print([...struck].map(([fault, times]) => `${fault} ${times}`).join(" · "));
  print(`${lostWrites} writes were lost with the power before they were synced`);
  return failed === 0;
}

async function main(): Promise<boolean> {
  const options = {
    seed: { type: "string" },
    from: { type: "string" },
    count: { type: "string" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) {
    print(USAGE);
    return true;
  }
  if (values.seed !== undefined) return verbosely(Number(values.seed));
  return manySeeds(Number(values.from ?? 0), Number(values.count ?? 1000));
}

process.exitCode = (await main()) ? 0 : 1;
