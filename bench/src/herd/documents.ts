import { TuttiClient } from "@tutti/client";
import { WebSocket } from "ws";
import { auditTokens, tokenOf } from "../faults/kill/tokens.js";
import type { ServerApi } from "../replay/server-api.js";

/** Who wrote what is in the documents before the herd comes: its tokens are acknowledged too. */
const FOUNDER = 0;
const FOUNDERS_TOKENS = 200;
/** Documents that are made, or read, at once. */
const AT_ONCE = 25;

/** Makes documents of about 1,300 characters. @returns their ids */
export async function makeDocuments(api: ServerApi, url: string, token: string, count: number): Promise<string[]> {
  const text = Array.from({ length: FOUNDERS_TOKENS }, (_, index) => tokenOf(FOUNDER, index + 1)).join("");
  const client = new TuttiClient({ url, token, WebSocket });
  const ids: string[] = [];
  await inBatches(count, async (index) => {
    const id = await api.createDocument(token, `Herd, ${index + 1}`, "plain");
    const handle = client.open(id);
    await handle.ready;
    handle.insert(0, text);
    await handle.saved();
    handle.close();
    ids.push(id);
  });
  client.close();
  return ids;
}

/**
 * Looks for everything that was acknowledged, in every document.
 * @param writers for each document, for each of its writers, the count of the newest acknowledged token
 * @returns what is wrong, in words
 */
export async function auditDocuments(
  api: ServerApi,
  token: string,
  writers: ReadonlyMap<string, ReadonlyMap<number, number>>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const all = [...writers];
  await inBatches(all.length, async (index) => {
    const [document = "", acknowledged = new Map<number, number>()] = all[index] ?? [];
    const { text } = await api.content(token, document);
    const audit = auditTokens(text, new Map([...acknowledged, [FOUNDER, FOUNDERS_TOKENS]]));
    for (const what of ["missing", "doubled", "strange"] as const) {
      if (audit[what].length > 0) problems.push(`${document}: ${audit[what].length} ${what}: ${audit[what][0]}`);
    }
  });
  return problems;
}

/** Calls `task` for 0 … count − 1, some of them at once. */
export async function inBatches(count: number, task: (index: number) => Promise<void>): Promise<void> {
  for (let start = 0; start < count; start += AT_ONCE) {
    const length = Math.min(AT_ONCE, count - start);
    await Promise.all(Array.from({ length }, (_, offset) => task(start + offset)));
  }
}
