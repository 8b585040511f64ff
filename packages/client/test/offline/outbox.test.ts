import type { ErrorCode } from "@tutti/protocol";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { DocumentHandle } from "../../src/index.js";
import type { OfflineStore } from "../../src/offline/index.js";
import { FakeServer } from "../fake-server.js";
import { clientOf, DOCUMENT, outcomeOf, watch } from "../world.js";
import { MemoryOfflineStore } from "./memory-offline-store.js";

/** A device: what it stores outlives its tabs. */
function device(content = "abc") {
  const store = new MemoryOfflineStore();
  const server = new FakeServer(content === "" ? [] : [{ insert: content }]);
  const clock = new VirtualClock();
  let tabs = 0;
  let living: (() => void)[] = [];
  return {
    store,
    server,
    clock,
    /** All tabs are gone at once. */
    crash() {
      for (const end of living) end();
      living = [];
    },
    /** A new tab with the document; what was stored has been read when it resolves. */
    async tab(options: { readonly sendInterval?: number } = {}) {
      tabs += 1;
      const mortal = clock.mortal();
      const { store: offline, crash } = store.tab();
      const { client, connection } = clientOf(server, {
        clock: mortal,
        random: new SeededRandom(tabs),
        offline,
        ...options,
      });
      living.push(() => {
        mortal.kill();
        crash();
        connection()?.lose();
      });
      const watched = watch(client.open(DOCUMENT));
      await settle();
      return { client, connection, ...watched };
    },
  };
}

/** All that is under way on the device is done. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Everything arrives everywhere. */
async function quiet({ server }: { readonly server: FakeServer }): Promise<void> {
  for (let round = 0; round < 6; round += 1) {
    server.pump();
    await settle();
  }
}

describe("a document on a device with storage (C3)", () => {
  it("is there again after a crash, without network, with what was typed offline", async () => {
    const world = device();
    const first = await world.tab();
    await quiet(world);
    expect([first.doc.text(), first.doc.stored]).toEqual(["abc", true]);
    world.server.connection.lose();
    first.doc.insert(3, "!");
    await first.doc.persisted();
    world.crash();
    const second = await world.tab();
    expect(await outcomeOf(second.doc.ready)).toBe("fulfilled");
    expect([second.doc.text(), second.doc.title, second.doc.unsaved]).toEqual(["abc!", "A title", 1]);
    second.doc.insert(4, "?");
    expect(second.doc.text()).toBe("abc!?");
    await quiet(world);
    expect([world.server.document.text(), second.doc.status, second.doc.unsaved]).toEqual(["abc!?", "Saved", 0]);
  });

  it("asks only for what changed since", async () => {
    const world = device();
    await world.tab();
    await quiet(world);
    world.server.connection.lose();
    world.crash();
    world.server.commit([{ insert: "new " }]);
    const { doc, changes } = await world.tab();
    expect(doc.text()).toBe("abc");
    await quiet(world);
    expect(world.server.connection.received.find((up) => up.type === "open")).toMatchObject({ version: 0 });
    expect(changes).toMatchObject([{ delta: [{ insert: "new " }], origin: "remote" }]);
  });

  it("sends an operation only when the entry that puts it in flight is durable", async () => {
    const world = device();
    const { doc } = await world.tab();
    await quiet(world);
    world.store.manual = true;
    doc.insert(0, "x");
    expect(doc.text()).toBe("xabc");
    await quiet(world);
    expect(world.server.submits).toEqual([]);
    expect(world.store.step()).toBe(true);
    await quiet(world);
    expect(world.server.submits).toMatchObject([{ sequence: 1 }]);
  });

  it("sends what was in flight again under the same client and sequence, once", async () => {
    const world = device();
    const first = await world.tab();
    await quiet(world);
    first.doc.insert(3, "!");
    await settle();
    world.server.connection.deliverUp();
    expect(world.server.document.text()).toBe("abc!");
    // The answer is lost together with the tab.
    world.server.connection.lose();
    world.crash();
    const second = await world.tab();
    expect(second.doc.unsaved).toBe(1);
    await quiet(world);
    expect([second.doc.text(), world.server.document.text(), second.doc.status]).toEqual(["abc!", "abc!", "Saved"]);
    const clients = world.server.log.map(({ client, sequence }) => [client, sequence]);
    second.doc.insert(4, "?");
    await quiet(world);
    expect(world.server.log.map(({ client }) => client)).toEqual([clients[0]?.[0], clients[0]?.[0]]);
    expect(world.server.document.text()).toBe("abc!?");
  });

  it("is given to two tabs with a journal each; what a tab leaves behind is brought to the server by the next", async () => {
    const world = device();
    const first = await world.tab();
    const second = await world.tab();
    await quiet(world);
    for (const connection of world.server.connections) connection.lose();
    first.doc.insert(0, "1");
    second.doc.insert(3, "2");
    await settle();
    expect(world.store.journals).toHaveLength(2);
    world.crash();
    const third = await world.tab();
    expect(third.doc.text()).toHaveLength(4);
    await quiet(world);
    expect(world.server.document.text()).toBe("1abc2");
    expect(third.doc.text()).toBe("1abc2");
    expect(world.store.journals).toHaveLength(1);
    expect(new Set(world.server.log.map(({ client }) => client)).size).toBe(2);
  });

  it("opens in a second tab without network, with the server's text: each tab's edits are its own, and all there once", async () => {
    const world = device();
    const first = await world.tab();
    await quiet(world);
    world.server.connection.lose();
    first.doc.insert(0, "1");
    await first.doc.persisted();
    const second = await world.tab();
    expect(await outcomeOf(second.doc.ready)).toBe("fulfilled");
    expect([second.doc.text(), second.doc.title, second.doc.unsaved, second.doc.stored]).toEqual([
      "abc",
      "A title",
      0,
      true,
    ]);
    second.doc.insert(3, "2");
    await second.doc.persisted();
    first.doc.insert(1, "0");
    expect(new Set(world.store.journals.map(({ client }) => client)).size).toBe(2);
    await world.clock.advance(60_000);
    await quiet(world);
    expect([world.server.document.text(), first.doc.text(), second.doc.text()]).toEqual(["10abc2", "10abc2", "10abc2"]);
    expect([first.doc.unsaved, second.doc.unsaved]).toEqual([0, 0]);
    // It had the content: what changed since was enough.
    const opens = world.server.connections.flatMap(({ received }) => received).filter((up) => up.type === "open");
    expect(opens.map(({ version }) => version)).toEqual([undefined, 0, 0]);
  });

  it("is stored by a second tab that opened it without network, before that tab types anything", async () => {
    const world = device();
    await world.tab();
    await quiet(world);
    world.server.connection.lose();
    await world.tab();
    const own = world.store.journals.at(-1);
    expect(own?.snapshot).toBeDefined();
    world.store.journals.splice(0, world.store.journals.length - 1);
    world.crash();
    const third = await world.tab();
    expect([await outcomeOf(third.doc.ready), third.doc.text()]).toEqual(["fulfilled", "abc"]);
  });

  it("goes to the server with the edits of both tabs after both have crashed", async () => {
    const world = device();
    const first = await world.tab();
    await quiet(world);
    world.server.connection.lose();
    first.doc.insert(0, "1");
    await settle();
    const second = await world.tab();
    second.doc.insert(3, "2");
    await settle();
    world.crash();
    const third = await world.tab();
    await quiet(world);
    expect([world.server.document.text(), third.doc.text(), world.store.journals.length]).toEqual([
      "1abc2",
      "1abc2",
      1,
    ]);
  });

  it("goes on in the same journal when a handle is closed and opened again", async () => {
    const world = device();
    const { client, doc } = await world.tab();
    await quiet(world);
    world.server.connection.lose();
    doc.insert(3, "!");
    doc.close();
    const again = client.open(DOCUMENT);
    await settle();
    expect([again.text(), again.unsaved, world.store.journals.length]).toEqual(["abc!", 1, 1]);
  });
});

describe("storage that fails", () => {
  it("is told once; what is typed goes to the server from memory", async () => {
    const world = device();
    world.store.fault = "refused";
    const { doc, errors } = await world.tab();
    await quiet(world);
    expect([doc.stored, doc.text()]).toEqual([false, "abc"]);
    expect(errors).toMatchObject([{ code: "offline_storage_refused", retry: false }]);
    doc.insert(3, "!");
    await quiet(world);
    expect([world.server.document.text(), doc.status]).toEqual(["abc!", "Saved"]);
  });

  it("offline makes what is typed unsafe, and says so", async () => {
    const world = device();
    const { doc } = await world.tab();
    await quiet(world);
    world.server.connection.lose();
    world.store.fault = "full";
    expect(doc.status).toBe("Working offline");
    doc.insert(3, "!");
    await settle();
    expect([doc.status, doc.stored]).toEqual(["Changes may not be saved", false]);
    world.store.fault = undefined;
    await world.clock.advance(30_000);
    await settle();
    expect(doc.stored).toBe(true);
    world.crash();
    const second = await world.tab();
    expect(second.doc.text()).toBe("abc!");
  });

  it("leaves no journal behind that knows less than the server", async () => {
    const world = device();
    const { doc } = await world.tab();
    await quiet(world);
    world.store.manual = true;
    doc.insert(3, "!");
    await settle();
    // The write is refused; that the journal is deleted is not.
    world.store.fault = "full";
    world.store.step();
    await settle();
    world.store.fault = undefined;
    expect([world.store.journals.length, world.server.submits]).toEqual([1, []]);
    world.store.step();
    await quiet(world);
    expect([world.store.journals, world.server.document.text()]).toEqual([[], "abc!"]);
    world.crash();
    const second = await world.tab();
    await quiet(world);
    expect([second.doc.text(), world.server.document.text()]).toEqual(["abc!", "abc!"]);
  });

  it("so that an older state comes back than the one that was sent is a conflict: nothing is doubled or lost", async () => {
    const world = device();
    const { doc } = await world.tab();
    await quiet(world);
    doc.insert(3, "!");
    await settle();
    const [stored] = world.store.journals;
    if (stored === undefined) throw new Error("nothing was stored");
    await quiet(world);
    world.server.commit([{ insert: "X" }]);
    world.crash();
    // The edit is there, but not that it was put in flight.
    stored.entries = stored.entries.slice(0, 1);
    const second = await world.tab();
    await quiet(world);
    expect([second.doc.text(), second.doc.status]).toEqual(["abc!", "Conflict"]);
    expect(second.errors).toMatchObject([{ code: "sequence_gap", retry: false }]);
    expect([world.server.document.text(), world.store.journals.length]).toEqual(["Xabc!", 1]);
  });

  it("that hangs does not hang the document", async () => {
    const world = device();
    const hanging: OfflineStore = {
      claim: () => new Promise(() => undefined),
      peek: () => new Promise(() => undefined),
      create: () => new Promise(() => undefined),
      documents: () => new Promise(() => undefined),
    };
    const { client } = clientOf(world.server, { clock: world.clock, offline: hanging });
    const { doc, errors } = watch(client.open(DOCUMENT));
    await world.clock.advance(2999);
    expect(world.server.connections).toEqual([]);
    await world.clock.advance(1);
    await quiet(world);
    expect([doc.text(), doc.stored]).toEqual(["abc", false]);
    expect(errors).toMatchObject([{ code: "offline_storage_failed", retry: true }]);
    doc.insert(3, "!");
    await quiet(world);
    expect(world.server.document.text()).toBe("abc!");
  });

  it("in the middle of a write is given up after a while, and what is typed goes on to the server", async () => {
    const world = device();
    const { doc, errors } = await world.tab();
    await quiet(world);
    world.store.manual = true;
    doc.insert(3, "!");
    await world.clock.advance(5000);
    expect(errors).toMatchObject([{ code: "offline_storage_failed" }]);
    // Not even the journal can be deleted.
    await world.clock.advance(2000);
    world.server.pump();
    await settle();
    expect(world.server.document.text()).toBe("abc!");
  });

  it("and is damaged at its end gives what is in front of the damage, says so, and is whole again after that", async () => {
    const world = device();
    const { doc } = await world.tab();
    await quiet(world);
    world.server.connection.lose();
    for (const text of ["1", "2", "3"]) doc.insert(0, text);
    await settle();
    world.crash();
    const [stored] = world.store.journals;
    const damaged = stored?.entries.at(-1);
    if (damaged === undefined) throw new Error("nothing was stored");
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    const second = await world.tab();
    expect(second.doc.text()).toBe("21abc");
    expect(second.errors).toMatchObject([{ code: "offline_storage_damaged" }]);
    second.doc.insert(0, "4");
    await second.doc.persisted();
    world.crash();
    const third = await world.tab();
    expect([third.doc.text(), third.errors]).toEqual(["421abc", []]);
  });
});

describe("what is kept on a device", () => {
  it("is nothing of a document that the person may not see (any more), unless there is text of theirs", async () => {
    const world = device();
    const first = await world.tab();
    await quiet(world);
    world.server.connection.lose();
    world.crash();
    refuseToOpen(world.server, "forbidden");
    const second = await world.tab();
    expect(second.doc.text()).toBe("abc");
    await quiet(world);
    expect(second.errors).toMatchObject([{ code: "forbidden" }]);
    second.doc.close();
    await settle();
    expect([first.errors, world.store.journals]).toEqual([[], []]);
  });

  it("is every edit that the server refuses for good: of this tab, and of those before it", async () => {
    const world = device();
    const tabs = [await world.tab(), await world.tab()];
    await quiet(world);
    for (const connection of world.server.connections) connection.lose();
    for (const [index, { doc }] of tabs.entries()) doc.insert(0, String(index));
    await settle();
    world.crash();
    refuseToOpen(world.server, "not_found");
    const later = await world.tab();
    await quiet(world);
    expect([later.doc.status, later.doc.length]).toEqual(["Conflict", 4]);
    later.doc.close();
    await settle();
    world.crash();
    world.server.intercept = () => false;
    await world.tab();
    await quiet(world);
    expect([...world.server.document.text()].sort().join("")).toBe("01abc");
  });

  it("of an earlier tab stays when the server refuses that one alone, and is told", async () => {
    const world = device();
    const first = await world.tab();
    const second = await world.tab();
    await quiet(world);
    const [author] = world.server.connections.flatMap(({ received }) => received).filter((up) => up.type === "open");
    for (const connection of world.server.connections) connection.lose();
    first.doc.insert(0, "1");
    await settle();
    second.doc.insert(0, "2");
    await settle();
    world.crash();
    refuseToOpen(world.server, "author_forged", author?.client);
    const third = await world.tab();
    await quiet(world);
    expect(third.errors).toMatchObject([{ code: "author_forged" }]);
    expect(world.server.document.text()).toBe("2abc");
    expect(world.store.journals.map(({ client }) => client)).toContain(author?.client);
    third.doc.close();
    await settle();
    world.server.intercept = () => false;
    const fourth = await world.tab();
    await quiet(world);
    expect([fourth.doc.text(), world.server.document.text(), world.store.journals.length]).toEqual([
      "21abc",
      "21abc",
      1,
    ]);
  });

  it("is a settable number of documents: the oldest go first, but none with pending edits", async () => {
    const store = new MemoryOfflineStore();
    const server = new FakeServer([{ insert: "abc" }]);
    // The fake server knows one document at a time on a connection; each visit is a tab of its own.
    const visit = async (id: string, act: (doc: DocumentHandle) => void = () => undefined): Promise<void> => {
      const tab = store.tab();
      const random = new SeededRandom(id.length);
      const { client, connection } = clientOf(server, { offline: tab.store, offlineDocuments: 2, random });
      const doc = client.open(id);
      await quiet({ server });
      connection()?.lose();
      act(doc);
      await doc.persisted();
      client.close();
      await settle();
    };
    await visit("a", (doc) => doc.insert(0, "x"));
    await visit("bb");
    await visit("ccc");
    await visit("dddd");
    expect(await store.tab().store.documents()).toEqual(["dddd", "ccc", "a"]);
  });
});

/** @param author only what this client opens; left out: everything */
function refuseToOpen(server: FakeServer, code: ErrorCode, author?: string): void {
  server.intercept = (connection, message) => {
    if (message.type !== "open" || (author !== undefined && message.client !== author)) return false;
    connection.send({ type: "closed", document: message.document, error: { code, message: "no", retry: false } });
    return true;
  };
}
