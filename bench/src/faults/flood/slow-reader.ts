import { TuttiClient } from "@tutti/client";
import { SeededRandom } from "@tutti/testkit";
import { WebSocket } from "ws";
import { byteSize } from "../../replay/figures.js";
import { RawClient } from "./raw-client.js";
import type { Findings, Scenario, Stage } from "./scenario.js";

const READERS = 20;
const WRITTEN = 40_000_000;
const CHUNK = 80_000;

/** Twenty who open a document and never read, while somebody writes megabytes into it. */
async function neverRead({ server, api, token, document, seed }: Stage): Promise<Findings> {
  const random = new SeededRandom(seed);
  const readers: RawClient[] = [];
  for (let index = 0; index < READERS; index += 1) {
    const reader = await RawClient.enter(server.url, await api.signIn(`Reader ${index}`), `127.0.1.${index + 1}`);
    await reader.open(document, `reader-${index}`);
    reader.stopReading();
    readers.push(reader);
  }
  const client = new TuttiClient({ url: server.url, token, WebSocket });
  try {
    const handle = client.open(document);
    await handle.ready;
    for (let written = 0; written < WRITTEN; written += CHUNK) {
      // Text that does not compress, in place of what was there, so that the document stays small.
      const text = Array.from({ length: CHUNK / 8 }, () => random.next().toString(36).slice(2, 10)).join("");
      const rest = handle.length === 0 ? [] : [{ delete: handle.length }];
      handle.edit([{ insert: text }, ...rest]);
      await handle.saved();
    }
    const { text } = await api.content(token, document);
    const problems = text === handle.text() ? [] : ["the server has another text than its writer"];
    return { notes: [`${byteSize(WRITTEN)} written before ${READERS} who never read`], problems };
  } finally {
    client.close();
    for (const reader of readers) reader.end();
  }
}

export const SLOW_READERS: Scenario = {
  name: "never-reads",
  description: `${READERS} clients that never read, while others write ${byteSize(WRITTEN)}`,
  memory: 600_000_000,
  others: 100,
  rounds: 1,
  run: neverRead,
};
