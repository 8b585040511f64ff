import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { replayConcurrently } from "./concurrent-replay.js";
import type { ReplayResult } from "./performance.js";
import { parseRecording, RecordingError } from "./recording.js";

const USAGE = `Replays a recorded session of several people through real clients and the real server, in the simulator:
everybody types each edit having seen exactly what they had seen in the recording.

  --trace FILE   a concurrent recording (JSON of josephg/editing-traces, gzipped or not)
  --kills N      kill the server and start it again on the same disk N times on the way (default 0)
  --seed N       decides when it is killed, and what became durable (default 1)
`;

const OPTIONS = {
  trace: { type: "string" },
  kills: { type: "string", default: "0" },
  seed: { type: "string", default: "1" },
  help: { type: "boolean" },
} as const;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: OPTIONS });
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  if (values.trace === undefined || values.help === true || !isCount(kills) || !isCount(seed)) {
    process.stdout.write(USAGE);
    return values.help === true;
  }
  const started = process.hrtime.bigint();
  const recording = parseRecording(await readFile(values.trace));
  const result = await replayConcurrently(recording, { kills, seed, progress: progressBar() });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stdout.write(
    `${result.edits} edits of ${recording.authors.length} people in ${seconds.toFixed(1)} s: ` +
      `${result.calls} calls of edit, ${result.commits} commits (${result.standIns} without effect)\n` +
      `${kills === 0 ? "" : describeKills(result)}` +
      `the text is ${result.equal ? "equal to the recorded one, for everybody" : "NOT the recorded one"}\n`,
  );
  return result.equal;
}

const describeKills = ({ kills: { all, durable, lost } }: ReplayResult): string =>
  `the server was killed ${all} times, ${durable + lost} of them while it wrote: ` +
  `${durable} of these operations were durable, ${lost} lost and sent again\n`;

/** Shows whole percents on a terminal. */
function progressBar(): (share: number) => void {
  if (!process.stdout.isTTY) return () => undefined;
  let shown = -1;
  return (share) => {
    const percent = Math.floor(share * 100);
    if (percent === shown) return;
    shown = percent;
    process.stdout.write(`\r${"#".repeat(percent / 2).padEnd(50, ".")} ${percent} %${percent === 100 ? "\n" : ""}`);
  };
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  if (!(error instanceof RecordingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
