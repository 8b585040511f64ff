import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { byteSize, grouped } from "./figures.js";
import type { ReplayResult } from "./replay.js";

/** Bytes of all files in a folder and below; undefined when there is none. */
export async function folderSize(folder: string): Promise<number | undefined> {
  try {
    const entries = await readdir(folder, { recursive: true });
    const sizes = await Promise.all(entries.map((entry) => fileSize(join(folder, entry))));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return undefined;
  }
}

async function fileSize(path: string): Promise<number> {
  try {
    const file = await stat(path);
    return file.isFile() ? file.size : 0;
  } catch {
    // It was there a moment ago: the server removed it.
    return 0;
  }
}

/** The figures of a replay, line by line. */
export function reportLines(result: ReplayResult, disk: number | undefined): readonly string[] {
  const seconds = result.milliseconds / 1000;
  const { traffic } = result;
  const lines: readonly (readonly [string, string] | undefined)[] = [
    ["document", result.document],
    ["transactions", grouped(result.transactions)],
    ["operations", `${grouped(result.edits)} typed, ${grouped(result.versions)} committed`],
    ["time", `${seconds.toFixed(2)} s · ${grouped(result.edits / seconds)} typed a second`],
    ["until durable", result.saved.describe()],
    result.visible.count === 0 ? undefined : ["until visible", result.visible.describe()],
    ["sent", `${byteSize(traffic.sentBytes)} in ${grouped(traffic.sentFrames)} frames`],
    ["received", `${byteSize(traffic.receivedBytes)} in ${grouped(traffic.receivedFrames)} frames`],
    [
      "on the wire",
      `${((traffic.sentBytes + traffic.receivedBytes) / Math.max(1, result.edits)).toFixed(1)} bytes an edit`,
    ],
    disk === undefined ? undefined : ["on disk", byteSize(disk)],
    result.kills === 0 ? undefined : ["kills", `${grouped(result.kills)} of the server, with SIGKILL`],
    ["reconnects", grouped(result.reconnects)],
  ];
  const verdict =
    result.differences.length === 0
      ? ["The server and every client have the recorded text."]
      : result.differences.map(
          ({ who, difference: { index, expected, found } }) =>
            `DIFFERENT: ${who}, from unit ${grouped(index)} on\n  recorded ${expected}\n  found    ${found}`,
        );
  const shown = lines.flatMap((line) => (line === undefined ? [] : [`${line[0].padEnd(14)}${line[1]}`]));
  return [...shown, ...verdict];
}
