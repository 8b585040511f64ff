import { type DocumentHandle, preload, TuttiClient, type Visibility } from "@tutti/client";
import { createServer, type ServerEnvironment, silentLog, type TuttiServer } from "@tutti/server";
import {
  MemoryDisk,
  MemoryStore,
  SeededRandom,
  type SimulatedHost,
  SimulatedNetwork,
  VirtualClock,
} from "@tutti/testkit";
import { describe, expect, it } from "vitest";

// Loading takes real time, and nothing here may.
await preload();

interface Somebody {
  readonly doc: DocumentHandle;
  readonly host: SimulatedHost;
  readonly errors: string[];
}

/** Real clients and the real server in virtual time: the owner is "ann". */
class Meeting {
  readonly clock = new VirtualClock();
  readonly server: TuttiServer;
  readonly #random = new SeededRandom(7);
  readonly #network = new SimulatedNetwork(this.clock, this.#random);
  readonly #store = new MemoryStore(new MemoryDisk(), { clock: this.clock, random: this.#random, latency: [1, 5] });

  private constructor(settings: Partial<ServerEnvironment>) {
    const [clock, random, store] = [this.clock, this.#random, this.#store];
    this.server = createServer({
      ...{ store, clock, random, log: silentLog, rateLimits: false, ...settings },
      authenticator: { verify: async (token) => ({ id: token, name: token.toUpperCase() }) },
    });
    this.#network.listen((connection, subprotocol) => this.server.accept(connection, subprotocol));
  }

  static async of(settings: Partial<ServerEnvironment> = {}, text = "0123456789"): Promise<Meeting> {
    const meeting = new Meeting(settings);
    await meeting.#create();
    const ann = await meeting.join("ann");
    ann.doc.insert(0, text);
    await meeting.clock.advance(1000);
    ann.doc.close();
    await meeting.clock.advance(100);
    return meeting;
  }

  /** @param tab different for each tab of one person */
  async join(name: string, visibility: Visibility = "named", tab = ""): Promise<Somebody> {
    const host = this.#network.host(name + tab, { up: { from: 5, to: 20 }, down: { from: 5, to: 20 } });
    const environment = { clock: this.clock, random: this.#random.fork(name + tab), transport: host };
    const client = new TuttiClient({ url: "http://simulated", token: name, visibility, environment });
    const doc = client.open("doc");
    const errors: string[] = [];
    doc.on("error", ({ code }) => errors.push(code));
    await this.clock.advance(1000);
    return { doc, host, errors };
  }

  async #create(): Promise<void> {
    const created = this.#store.createDocument({
      ...{ id: "doc", title: "T", kind: "plain", identicalInserts: "merge" },
      ...{ createdBy: "ann", createdAt: 0, updatedAt: 0 },
    });
    await this.clock.advance(50);
    await created;
  }
}

const seenBy = ({ doc }: Somebody): string[] => doc.presence.people.map(({ user }) => user.name).sort();
const textOf = ({ doc }: Somebody): string => doc.text();

describe("presence with real clients and the real server", () => {
  it("shows who is here, where they are and what they do, each person once (P2, P4)", async () => {
    const meeting = await Meeting.of();
    const ann = await meeting.join("ann");
    const ben = await meeting.join("ben");
    const benAgain = await meeting.join("ben", "named", " on the phone");
    expect([seenBy(ann), ann.doc.presence.others.length, seenBy(ben)]).toEqual([["BEN"], 2, ["ANN", "BEN"]]);
    ben.doc.presence.setCursor({ anchor: 4, head: 6 });
    await meeting.clock.advance(200);
    ann.doc.insert(0, "--");
    await meeting.clock.advance(1000);
    const [seen] = ann.doc.presence.people;
    expect(seen).toMatchObject({ activity: "editing", cursor: { anchor: 6, head: 8 } });
    expect(ann.doc.presence.others.map(({ device }) => device)).toEqual(["program", "program"]);
    expect(ann.doc.presence.others[0]?.colour).toBe(benAgain.doc.presence.others.find(isBen)?.colour);
    benAgain.doc.close();
    ben.doc.close();
    await meeting.clock.advance(1000);
    expect(seenBy(ann)).toEqual([]);
  });

  it("is back at once after a lost connection, on both sides (P3)", async () => {
    const meeting = await Meeting.of();
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    ben.doc.presence.setCursor({ anchor: 3, head: 3 });
    await meeting.clock.advance(500);
    ben.host.cut();
    await meeting.clock.runUntil(() => ben.doc.status !== "Saved" && seenBy(ann).length === 0, 60_000);
    expect(seenBy(ben)).toEqual([]);
    await meeting.clock.runUntil(() => ben.doc.status === "Saved" && seenBy(ben).length === 1, 20_000);
    await meeting.clock.advance(300);
    expect([seenBy(ben), seenBy(ann)]).toEqual([["ANN"], ["BEN"]]);
    expect(ann.doc.presence.others[0]?.cursor).toEqual({ anchor: 3, head: 3 });
  });

  it("fails alone: edits go on, people read that it is unavailable, and it comes back whole (P1)", async () => {
    const meeting = await Meeting.of();
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    meeting.server.presence.fail();
    ann.doc.insert(0, "!");
    await meeting.clock.runUntil(() => !ben.doc.presence.available, 5000);
    expect([ben.doc.status, seenBy(ben), ben.errors]).toEqual(["Presence unavailable", [], []]);
    await meeting.clock.runUntil(() => ben.doc.presence.available, 60_000);
    expect([ben.doc.status, seenBy(ben), textOf(ben)]).toEqual(["Saved", ["ANN"], "!0123456789"]);
  });

  it("can be switched off, and nothing else is different (P1)", async () => {
    const meeting = await Meeting.of({ presence: { enabled: false } });
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    ann.doc.insert(0, "!");
    await meeting.clock.advance(500);
    expect([ann.doc.status, ann.doc.presence.available, textOf(ben)]).toEqual([
      ...["Presence unavailable", false, "!0123456789"],
    ]);
  });

  it("hides who views if they wish, and never who edits (P5)", async () => {
    const meeting = await Meeting.of({ crowd: { editors: 1 } });
    const ann = await meeting.join("ann");
    const ben = await meeting.join("ben", "hidden");
    expect([seenBy(ann), ann.doc.attendance?.people]).toEqual([[], 2]);
    ben.doc.presence.visibility = "anonymous";
    await meeting.clock.advance(500);
    expect(ann.doc.presence.people.map(({ user }) => [user.name, user.id === "ben"])).toEqual([["Anonymous", false]]);
    ben.doc.askToEdit();
    await meeting.clock.advance(500);
    ann.doc.decide("ben", true);
    await meeting.clock.advance(1000);
    expect([seenBy(ann), ben.doc.writable]).toEqual([["Anonymous"], true]);
    ben.doc.insert(0, "B");
    await meeting.clock.advance(1000);
    expect([seenBy(ann), textOf(ann)]).toEqual([["BEN"], "B0123456789"]);
  });
});

const isBen = ({ user }: { readonly user: { readonly id: string } }): boolean => user.id === "ben";

describe("places with real clients and the real server (S11)", () => {
  it("the first edit, the next one views, asks, is let in by somebody who edits", async () => {
    const meeting = await Meeting.of({ crowd: { editors: 2 } });
    const [ann, ben, eve] = [await meeting.join("ann"), await meeting.join("ben"), await meeting.join("eve")];
    expect(eve.doc.attendance).toMatchObject({ mode: "open", place: "viewing", people: 3, editors: 2, places: 2 });
    expect([eve.doc.role, eve.doc.writable, eve.doc.status]).toEqual(["editor", false, "Read-only mode"]);
    eve.doc.askToEdit();
    await meeting.clock.advance(1000);
    expect([eve.doc.attendance?.place, eve.doc.attendance?.line]).toEqual(["asking", 1]);
    expect(ben.doc.attendance?.asking).toEqual([{ id: "eve", name: "EVE" }]);
    ben.doc.decide("eve", true);
    await meeting.clock.advance(1000);
    eve.doc.insert(0, "E");
    await meeting.clock.advance(1000);
    expect([ann, ben, eve].map(textOf)).toEqual(Array(3).fill("E0123456789"));
  });

  it("whoever gives a place up makes room for the next in line, who need not do anything more", async () => {
    const meeting = await Meeting.of({ crowd: { editors: 1 } });
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    ben.doc.askToEdit();
    await meeting.clock.advance(500);
    ann.doc.insert(0, "last words ");
    ann.doc.stopEditing();
    await meeting.clock.advance(1000);
    expect([ann.doc.writable, ann.doc.unsaved, ben.doc.writable]).toEqual([false, 0, true]);
    expect(textOf(ben)).toBe("last words 0123456789");
  });

  it("whoever is refused hears of it, and may not ask again at once", async () => {
    const meeting = await Meeting.of({ crowd: { editors: 1 } });
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    ben.doc.askToEdit();
    await meeting.clock.advance(500);
    ann.doc.decide("ben", false);
    await meeting.clock.advance(500);
    expect(ben.doc.attendance).toMatchObject({ place: "viewing", refused: true });
    ben.doc.askToEdit();
    await meeting.clock.advance(500);
    expect(ben.errors).toEqual(["rate_limited"]);
    await meeting.clock.advance(60_000);
    ben.doc.askToEdit();
    await meeting.clock.advance(500);
    expect(ben.doc.attendance?.place).toBe("asking");
  });

  it("what was typed while the owner took the place is kept, and arrives, once, when it is given back", async () => {
    const meeting = await Meeting.of();
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    ann.doc.moderate(true);
    await meeting.clock.advance(15);
    // Nobody has told ben yet.
    ben.doc.insert(10, " and on");
    await meeting.clock.advance(2000);
    expect([ben.doc.writable, ben.doc.unsaved, textOf(ben)]).toEqual([false, 1, "0123456789 and on"]);
    expect([ben.doc.status, ben.doc.conflict, textOf(ann)]).toEqual([
      ...["Changes may not be saved", undefined, "0123456789"],
    ]);
    const before = ben.host.links.length;
    await meeting.clock.advance(120_000);
    expect([ben.host.links.length, ben.doc.unsaved]).toEqual([before, 1]);
    ann.doc.insert(0, "> ");
    ann.doc.decide("ben", true);
    await meeting.clock.advance(2000);
    expect([ann, ben].map(textOf)).toEqual(Array(2).fill("> 0123456789 and on"));
    expect([ben.doc.status, ann.doc.attendance?.named]).toEqual(["Saved", [{ id: "ben", name: "BEN" }]]);
    expect(ben.errors).toEqual([]);
  });

  it("nobody but the owner moderates; the others hear that they may not", async () => {
    const meeting = await Meeting.of();
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    ben.doc.moderate(true);
    await meeting.clock.advance(500);
    expect([ben.errors, ann.doc.attendance?.mode]).toEqual([["forbidden"], "open"]);
  });
});

describe("alerts with real clients and the real server (L4)", () => {
  it("tell everybody who edits, also those who come later, what somebody deleted", async () => {
    const meeting = await Meeting.of({ vandalism: { length: 100 } }, "x".repeat(200));
    const [ann, ben] = [await meeting.join("ann"), await meeting.join("ben")];
    ben.doc.delete(0, 150);
    await meeting.clock.advance(2000);
    const eve = await meeting.join("eve");
    for (const { doc } of [ann, eve]) {
      expect(doc.alerts).toMatchObject([{ kind: "mass_deletion", user: { id: "ben" }, removed: 150, settled: false }]);
    }
  });
});
