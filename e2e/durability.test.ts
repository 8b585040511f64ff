import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ServerProcess } from "./server-process.js";

const WRITERS = 5;
const TOKENS = 120;
const KILLS = 5;

/** Types one token after another as soon as the one before is durable; notes what was acknowledged. */
async function write(client: TuttiClient, document: string, name: string, acknowledged: Set<string>): Promise<void> {
  const handle = client.open(document);
  await handle.ready;
  for (let index = 0; index < TOKENS; index += 1) {
    const token = `${name}${index};`;
    handle.insert(handle.length, token);
    await handle.saved();
    acknowledged.add(token);
  }
}

describe("real processes", { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  beforeAll(() => server.start());
  afterAll(() => server.dispose());

  it(`kill -9 ${KILLS} times under ${WRITERS} writers: no acknowledged edit missing, none doubled`, async () => {
    const token = await server.signIn("Writer");
    const document = await server.createDocument(token, "plain");
    const acknowledged = new Set<string>();
    const clients = Array.from({ length: WRITERS }, () => new TuttiClient({ url: server.url, token, WebSocket }));
    const writing = Promise.all(
      clients.map((client, index) => write(client, document, String.fromCharCode(97 + index), acknowledged)),
    );
    let finished = false;
    void writing.finally(() => {
      finished = true;
    });
    for (let kill = 1; kill <= KILLS && !finished; kill += 1) {
      const landmark = (kill * WRITERS * TOKENS) / (KILLS + 1);
      while (acknowledged.size < landmark && !finished) await new Promise((resolve) => setImmediate(resolve));
      const before = [...acknowledged];
      await server.kill();
      await server.start();
      const text = await server.text(token, document);
      expect(before.filter((saved) => text.split(saved).length !== 2)).toEqual([]);
    }
    await writing;
    const text = await server.text(token, document);
    expect(text.length).toBe([...acknowledged].join("").length);
    expect([...acknowledged].filter((saved) => text.split(saved).length !== 2)).toEqual([]);
    for (const client of clients) client.close();
  });

  it("SIGTERM: writes what is pending, says goodbye, exits with 0", async () => {
    const token = await server.signIn("Writer");
    const document = await server.createDocument(token, "rich");
    const client = new TuttiClient({ url: server.url, token, WebSocket });
    const handle = client.open(document);
    await handle.ready;
    handle.insert(0, "last words");
    await handle.saved();
    expect(await server.kill("SIGTERM")).toBe(0);
    await server.start();
    expect(await server.text(token, document)).toBe("last words");
    client.close();
  });
});
