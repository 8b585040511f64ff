import { byteSize } from "../replay/figures.js";
import type { Restart } from "./restart.js";

const SHARES = [0.5, 0.95, 1] as const;

/** A restart in a few lines. */
export function describe(restart: Restart): readonly string[] {
  const { how, members, back, downTime, afterReady, afterLoss, attemptsWhileDown, attemptsAfter, lostAgain } = restart;
  const all = attemptsWhileDown.map((count, index) => count + (attemptsAfter[index] ?? 0));
  return [
    `${how === "kill" ? "kill -9" : "SIGTERM"}: ${back} of ${members} are back; the server was away for ${seconds(downTime)}`,
    `  after it accepted connections: ${spread(afterReady)}`,
    `  after the loss:                ${spread(afterLoss)}`,
    `  attempts per client: ${mean(attemptsAfter)} with a server (most ${most(attemptsAfter)}), ` +
      `${mean(attemptsWhileDown)} without, ${mean(all)} in all (most ${most(all)})`,
    `  lost again: ${lostAgain} · server: ${seconds(restart.cpu)} of processor time, peak ${byteSize(restart.peakResident)}`,
    ...restart.metrics.map((line) => `  ${line}`),
  ];
}

/** Whether the promise holds: everybody back in 30 s, fewer than three attempts each. */
export function holds({ members, back, afterReady, attemptsAfter }: Restart): boolean {
  return back === members && most(afterReady) < 30_000 && Number(mean(attemptsAfter)) < 3;
}

const spread = (times: readonly number[]): string => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return SHARES.map((share) => `${share * 100} % ${seconds(at(share))}`).join(" · ");
};

const mean = (counts: readonly number[]): string =>
  (counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length)).toFixed(2);
const most = (counts: readonly number[]): number => counts.reduce((max, count) => Math.max(max, count), 0);
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;
