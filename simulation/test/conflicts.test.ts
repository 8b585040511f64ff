import { preload, TuttiClient } from "@tutti/client";
import { receive } from "@tutti/ot";
import { createServer, type LogFields, silentLog } from "@tutti/server";
import { MemoryDisk, MemoryStore, SeededRandom, SimulatedNetwork, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";

// Loading takes real time, and nothing here may.
await preload();

const MINUTE = 60_000;

/** The real server, the real client, a network between them, all in virtual time. */
class World {
  readonly clock = new VirtualClock();
  readonly disk = new MemoryDisk();
  readonly reports: (LogFields | undefined)[] = [];
  readonly #random = new SeededRandom(5);
  readonly store = new MemoryStore(this.disk, { clock: this.clock, random: this.#random.fork("store") });
  readonly server = createServer({
    store: this.store,
    clock: this.clock,
    random: this.#random.fork("server"),
    authenticator: { verify: async (token) => ({ id: token, name: token }) },
    log: {
      ...silentLog,
      warn: (message, fields) => void (message === "a client diverged" && this.reports.push(fields)),
    },
  });
  readonly #network = new SimulatedNetwork(this.clock, this.#random.fork("network"));

  constructor() {
    this.#network.listen((connection, subprotocol) => this.server.accept(connection, subprotocol));
    for (const id of ["doc", "copy"]) {
      const record = { id, kind: "rich", identicalInserts: "merge", title: id } as const;
      this.disk.createDocument({ ...record, createdBy: "ann", createdAt: 0, updatedAt: 0 });
    }
  }

  async person(name: string, options: Partial<ConstructorParameters<typeof TuttiClient>[0]> = {}) {
    const host = this.#network.host(name);
    const { environment, ...others } = options;
    const client = new TuttiClient({
      url: "http://simulation",
      token: name,
      ...others,
      environment: { clock: this.clock, random: this.#random.fork(name), transport: host, ...environment },
    });
    const doc = client.open("doc");
    await this.until(() => doc.status !== "Syncing…");
    return { host, client, doc };
  }

  async until(condition: () => boolean): Promise<void> {
    if (!(await this.clock.runUntil(condition, 5 * MINUTE))) throw new Error("it does not come to that");
  }

  /** Lets virtual time pass until a promise is settled. */
  async done<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    await this.until(() => settled);
    return promise;
  }

  /** What the server has. */
  async text(id = "doc"): Promise<string> {
    return (await this.done(this.server.documents.contentAt(id, undefined))).content.text();
  }
}

describe("conflicts between the real client and the real server (C12)", () => {
  it("a document that is deleted while somebody types: their text goes into a copy", async () => {
    const world = new World();
    const ann = await world.person("ann");
    const bob = await world.person("bob");
    ann.doc.insert(0, "shared");
    await world.until(() => bob.doc.text() === "shared" && ann.doc.status === "Saved");
    bob.host.cut();
    bob.doc.insert(6, " bob's");
    await world.done(world.server.documents.trash("doc", "ann"));
    await world.until(() => bob.doc.conflict !== undefined);
    expect([bob.doc.conflict?.reason, bob.doc.status, ann.doc.status]).toEqual([
      "deleted",
      "Conflict",
      "Read-only mode",
    ]);
    const copy = await world.done(bob.doc.conflict?.keepAsCopy(async () => "copy") ?? Promise.reject());
    expect([copy.text(), await world.text("copy"), bob.doc.conflict]).toEqual([
      "shared bob's",
      "shared bob's",
      undefined,
    ]);
  });

  it("a role that is taken away while somebody types, and given back", async () => {
    const world = new World();
    const bob = await world.person("bob");
    await world.done(world.store.setRole("doc", "bob", "viewer"));
    bob.host.cut();
    bob.doc.insert(0, "mine");
    await world.until(() => bob.doc.conflict !== undefined);
    expect([bob.doc.conflict?.reason, bob.doc.role, await world.text()]).toEqual(["revoked", "viewer", ""]);
    await world.done(world.store.setRole("doc", "bob", "editor"));
    bob.host.cut();
    await world.until(() => bob.doc.status === "Saved");
    expect([await world.text(), bob.doc.role, bob.doc.conflict]).toEqual(["mine", "editor", undefined]);
  });

  it("two who wrote much in one paragraph while apart: the merge is shown first, and is what comes of it", async () => {
    const world = new World();
    const ann = await world.person("ann");
    const bob = await world.person("bob", { conflictAbove: 100 });
    bob.host.cut();
    bob.doc.insert(0, "b".repeat(500));
    ann.doc.insert(0, "a".repeat(500));
    await world.until(() => bob.doc.conflict !== undefined && ann.doc.status === "Saved");
    const merged = bob.doc.conflict?.merged;
    expect(await world.text()).toBe("a".repeat(500));
    bob.doc.conflict?.merge();
    await world.until(() => bob.doc.status === "Saved" && ann.doc.length === 1000);
    expect([bob.doc.content(), ann.doc.content()]).toEqual([merged, merged]);
  });
});

describe("a wrong transform against the real server (C6)", () => {
  it("is reported, repaired, and every text is there once", async () => {
    const world = new World();
    const ann = await world.person("ann");
    let wrong = 3;
    const engine = {
      receive: ((state, remote, ...rest) => {
        const result = receive(state, remote, ...rest);
        if (state.kind === "synchronised" || wrong === 0) return result;
        wrong -= 1;
        return { ...result, apply: [] };
      }) satisfies typeof receive,
    };
    const bob = await world.person("bob", { environment: { engine } });
    for (let round = 0; round < 10; round += 1) {
      ann.doc.insert(ann.doc.length, `a${round} `);
      bob.doc.insert(0, `b${round} `);
      await world.clock.advance(20);
    }
    await world.until(() => [ann, bob].every(({ doc }) => doc.status === "Saved") && ann.doc.text() === bob.doc.text());
    expect(wrong).toBeLessThan(3);
    expect(world.reports.length).toBeGreaterThan(0);
    expect(world.reports[0]).toMatchObject({ document: "doc", user: "bob" });
    for (let round = 0; round < 10; round += 1) {
      for (const name of ["a", "b"]) expect(ann.doc.text().split(`${name}${round} `)).toHaveLength(2);
    }
  });
});

describe("a large paste to the real server (C9)", () => {
  it("arrives in pieces, between which others go on editing, and can be taken back halfway", async () => {
    const world = new World();
    const ann = await world.person("ann");
    const bob = await world.person("bob");
    const pasted = "0123456789".repeat(150_000);
    ann.doc.insert(0, pasted);
    await world.until(() => (ann.doc.upload?.sent ?? 0) > 300_000);
    bob.doc.insert(bob.doc.length, "bob");
    await world.until(() => ann.doc.text().endsWith("bob") || ann.doc.upload === undefined);
    expect(ann.doc.upload?.sent).toBeLessThan(1_500_000);
    ann.doc.cancelUpload();
    await world.until(() => [ann, bob].every(({ doc }) => doc.status === "Saved" && doc.text() === "bob"));
    ann.doc.redo();
    await world.until(() => ann.doc.status === "Saved" && bob.doc.length === pasted.length + 3);
    expect(bob.doc.text()).toBe(`${pasted}bob`);
  });
});
