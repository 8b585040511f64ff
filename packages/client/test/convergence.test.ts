import { Document, type IdenticalInserts } from "@tutti/ot";
import { randomDocument, randomOperation, SeededRandom, VirtualClock } from "@tutti/testkit";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { DocumentHandle } from "../src/index.js";
import type { FakeConnection } from "./fake-server.js";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT } from "./world.js";

const SITES = 3;
const RUNS = 300;

type Event = "edit" | "same" | "undo" | "redo" | "up" | "down" | "lose" | "wait" | "move";
interface Step {
  readonly site: number;
  readonly event: Event;
  readonly seed: number;
}

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("edit" as const) },
  { weight: 2, arbitrary: fc.constant("same" as const) },
  { weight: 1, arbitrary: fc.constantFrom("undo" as const, "redo" as const) },
  { weight: 6, arbitrary: fc.constant("up" as const) },
  { weight: 8, arbitrary: fc.constant("down" as const) },
  { weight: 1, arbitrary: fc.constant("lose" as const) },
  { weight: 2, arbitrary: fc.constant("wait" as const) },
  { weight: 1, arbitrary: fc.constant("move" as const) },
);
const steps = fc.array(fc.record({ site: fc.nat(SITES - 1), event, seed: fc.nat() }), { maxLength: 120, size: "max" });

/** A person with an editor that knows nothing but the changes that it is told. */
class Site {
  readonly doc: DocumentHandle;
  readonly connection: () => FakeConnection | undefined;
  readonly clock: VirtualClock;
  #editor: Document | undefined;

  constructor(server: FakeServer, clock: VirtualClock, index: number) {
    const { client, connection } = clientOf(server, { clock, seed: index + 1, token: `person ${index}` });
    this.connection = connection;
    this.clock = clock;
    this.doc = client.open(DOCUMENT);
    this.doc.on("change", ({ delta }) => {
      this.#editor = this.#editor?.apply(delta);
    });
    this.doc.on("error", (error) => {
      throw new Error(error.message);
    });
  }

  start(): void {
    this.#editor = Document.fromOperation(this.doc.content());
  }

  async do({ event: kind, seed }: Step): Promise<void> {
    const random = new SeededRandom(seed);
    if (kind === "edit")
      this.doc.edit(randomOperation(random, Document.fromOperation(this.doc.content()), { steps: 3 }));
    // What others may insert there too.
    if (kind === "same") this.doc.insert(0, "la");
    if (kind === "undo") this.doc.undo();
    if (kind === "redo") this.doc.redo();
    if (kind === "lose") this.connection()?.lose();
    if (kind === "wait") await this.clock.advance(random.between(1, 1500));
    if (kind === "move") this.doc.presence.setCursor({ anchor: random.integer(this.doc.length + 1), head: 0 });
    this.#deliver(kind);
    this.check();
  }

  #deliver(kind: Event): void {
    const connection = this.connection();
    if (connection === undefined || connection.gone) return;
    if (kind === "up" && !connection.opened) connection.open();
    else if (kind === "up") connection.deliverUp(1);
    else if (kind === "down") connection.deliverDown(1);
  }

  check(): void {
    expect(this.#editor?.checksum).toBe(this.doc.checksum);
    for (const { cursor } of this.doc.presence.others) {
      if (cursor !== null) expect(Math.max(cursor.anchor, cursor.head)).toBeLessThanOrEqual(this.doc.length);
    }
  }
}

async function play(seed: number, script: readonly Step[], identicalInserts?: IdenticalInserts): Promise<void> {
  const clock = new VirtualClock();
  const server = new FakeServer(randomDocument(new SeededRandom(seed), 12).toDelta());
  server.identicalInserts = identicalInserts;
  const sites = Array.from({ length: SITES }, (_, index) => new Site(server, clock, index));
  server.pump();
  for (const site of sites) site.start();
  for (const step of script) await sites[step.site]?.do(step);

  // Longer than the longest pause between two attempts, in steps that keep the heartbeat content.
  for (let round = 0; round < 16; round += 1) {
    server.pump();
    await clock.advance(5000);
  }
  server.pump();
  for (const site of sites) {
    site.check();
    expect(site.doc.content()).toEqual(server.document.toDelta());
    expect([site.doc.version, site.doc.status]).toEqual([server.version, "Saved"]);
    await site.doc.saved();
  }
  expect(new Set(server.log.map(({ client, sequence }) => `${client} ${sequence}`)).size).toBe(server.version);
}

// undefined: a server from before there was the setting.
for (const identicalInserts of [undefined, "keep"] as const) {
  const setting = identicalInserts ?? "merge";
  it(`three people, edits, undo, lost connections in any order: all end with the same document (${RUNS} runs, ${setting})`, async () => {
    const property = fc.asyncProperty(fc.nat(), steps, (seed, script) => play(seed, script, identicalInserts));
    await fc.assert(property, { numRuns: RUNS });
  }, 120_000);
}
