import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TuttiClient } from "../../src/index.js";
import { FolderStore } from "../../src/offline/folder/folder-store.js";
import { keepOffline } from "../../src/offline/index.js";
import { FakeServer } from "../fake-server.js";
import { clientOf, DOCUMENT } from "../world.js";

/** A second tab of somebody on the same device: here with files, in outbox.test.ts with a store in memory. */
describe("a document in a folder that is open already (C3)", () => {
  let folder = "";
  let clients: TuttiClient[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tutti-second-tab-"));
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    clients = [];
    const offline = keepOffline(new FolderStore(folder));
    while ((await offline.documents()).length > 0) await offline.forget();
    await rm(folder, { recursive: true, force: true });
  });

  /** Resolves when a journal of the document is free. */
  async function letGo(): Promise<void> {
    const store = new FolderStore(folder);
    let journal = await store.claim(DOCUMENT);
    while (journal === undefined) journal = await store.claim(DOCUMENT);
    journal.release();
  }

  function world() {
    const server = new FakeServer([{ insert: "abc" }]);
    const clock = new VirtualClock();
    let tabs = 0;
    return {
      server,
      clock,
      tab() {
        tabs += 1;
        const offline = new FolderStore(folder);
        const { client } = clientOf(server, { clock, random: new SeededRandom(tabs), offline });
        clients.push(client);
        return { client, doc: client.open(DOCUMENT) };
      },
      /** Messages go to and fro until it is so; files take as long as they take. */
      async until(so: () => boolean): Promise<void> {
        while (!so()) {
          server.pump();
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    };
  }

  it("opens once more without network, with the server's text; both tabs' edits arrive, once", async () => {
    const { server, clock, tab, until } = world();
    const first = tab().doc;
    await until(() => first.text() === "abc" && first.stored);
    server.connection.lose();
    first.insert(0, "1");
    await first.persisted();
    const second = tab().doc;
    await second.ready;
    expect([second.text(), second.unsaved]).toEqual(["abc", 0]);
    second.insert(3, "2");
    await Promise.all([first.persisted(), second.persisted()]);
    expect([first.text(), second.text()]).toEqual(["1abc", "abc2"]);
    await clock.advance(60_000);
    await until(() => [first, second].every(({ unsaved, version }) => unsaved === 0 && version === 2));
    const texts = [server.document, first, second].map((each) => each.text());
    expect(texts).toEqual(["1abc2", "1abc2", "1abc2"]);
  });

  it("opens at once after its client was closed, without network; what that one typed arrives, once", async () => {
    const { server, clock, tab, until } = world();
    const first = tab();
    await until(() => first.doc.text() === "abc" && first.doc.stored);
    // `stored` is a promise for the next moment; from here on the file has the text.
    await first.doc.persisted();
    server.connection.lose();
    first.doc.insert(3, "!");
    first.client.close();
    const second = tab().doc;
    await second.ready;
    // It has the journal of the first, or only looked into it, as long as that one is not done with it.
    expect(["abc", "abc!"]).toContain(second.text());
    if (second.unsaved === 0) await letGo();
    second.insert(0, "?");
    await clock.advance(60_000);
    await until(() => second.unsaved === 0 && second.length === 5);
    expect([server.document.text(), second.text()]).toEqual(["?abc!", "?abc!"]);
  });
});
