import { SeededRandom, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { LogFields } from "../../src/log.js";
import { silentPresenceObserver } from "../../src/metrics/presence-observer.js";
import { DEFAULT_PRESENCE, type PresenceSettings } from "../../src/presence/defaults.js";
import { PresenceService, type RoomsFactory } from "../../src/presence/presence-service.js";
import { Rooms } from "../../src/presence/rooms.js";
import { type Peer, World } from "../harness.js";
import { FakeParticipant } from "./fake-participant.js";
import { arrive, move, namesSeenBy, seenBy, worldOf } from "./room-of-peers.js";

/** What `PresenceService` asks of the rooms, all of it. */
const METHODS = Object.getOwnPropertyNames(Rooms.prototype).filter((name) => name !== "constructor");

/** A presence service without documents behind it. */
class Presence {
  readonly clock = new VirtualClock();
  readonly log: { readonly message: string; readonly fields: LogFields | undefined }[] = [];
  readonly ups: boolean[] = [];
  restarts = 0;
  readonly service: PresenceService;

  constructor(settings: Partial<PresenceSettings> = {}, factory?: RoomsFactory) {
    const note = (message: string, fields?: LogFields): void => {
      this.log.push({ message, fields });
    };
    this.service = new PresenceService(
      {
        clock: this.clock,
        random: new SeededRandom(1),
        log: { info: note, warn: note, error: note },
        observer: {
          ...silentPresenceObserver,
          up: (works) => this.ups.push(works),
          restarted: () => {
            this.restarts += 1;
          },
        },
        settings: { ...DEFAULT_PRESENCE, ...settings },
        history: () => ({ version: 0, inRounds: false, viewersWait: false, since: () => [] }),
        allowed: () => true,
      },
      factory,
    );
  }

  /** Calls every method there is. */
  exercise(participant: FakeParticipant): void {
    const { service } = this;
    service.entries("doc", participant);
    service.join("doc", participant);
    service.move("doc", participant, { cursor: null, activity: undefined, visibility: undefined });
    service.heard("doc", participant);
    service.placed("doc", participant);
    service.committed("doc", [{ version: 1, client: participant.client, operation: [{ insert: "x" }] }]);
    service.roundBegins("doc");
    service.leave("doc", participant);
  }
}

/** Rooms of which one method throws, once it is switched on. */
function faulty(method: string, isOn: () => boolean): RoomsFactory {
  return (env) =>
    new Proxy(new Rooms(env), {
      get(rooms, name) {
        const value: unknown = Reflect.get(rooms, name);
        if (typeof value !== "function") return value;
        if (name === method && isOn()) throw new Error(`a fault in ${method}`);
        return value.bind(rooms);
      },
    });
}

describe("what goes wrong in presence (P1)", () => {
  for (const method of METHODS) {
    it(`is felt by nobody else: ${method}`, async () => {
      let on = true;
      const presence = new Presence(
        {},
        faulty(method, () => on),
      );
      const [ann, bob] = [new FakeParticipant("ann"), new FakeParticipant("bob")];
      presence.service.join("doc", ann);
      expect(() => presence.exercise(bob)).not.toThrow();
      expect(presence.service.available).toBe(false);
      expect(presence.log.filter(({ fields }) => fields?.["error"] === `a fault in ${method}`)).toHaveLength(1);
      expect(ann.last).toMatchObject({ entries: [], available: false });
      on = false;
      await presence.clock.advance(60_000);
      expect(presence.service.available).toBe(true);
      expect(ann.last).toMatchObject({ all: true, available: true, entries: [{ client: "ann-1" }] });
      expect(() => presence.exercise(bob)).not.toThrow();
      expect(presence.ups).toEqual(expect.arrayContaining([true, false, true]));
    });
  }

  it("every method of the rooms is among those", () => {
    expect(METHODS.toSorted()).toEqual(
      ["committed", "enter", "entries", "heard", "leave", "moved", "placed", "roundBegins"].toSorted(),
    );
  });

  it("is felt by nobody else when it happens on the tick, in the clean-up, or at a receiver", async () => {
    const presence = new Presence();
    const [ann, bob] = [new FakeParticipant("ann"), new FakeParticipant("bob")];
    presence.service.join("doc", ann);
    presence.service.join("doc", bob);
    bob.broken = new Error("a socket that throws");
    await presence.clock.advance(100);
    expect(presence.service.available).toBe(false);
    expect(ann.last).toMatchObject({ available: false });
    bob.broken = undefined;
    await presence.clock.advance(2000);
    expect(presence.service.available).toBe(true);
    Object.defineProperty(bob, "lastHeard", {
      get: () => {
        throw new Error("a connection that throws");
      },
    });
    await presence.clock.advance(10_000);
    expect(presence.log.map(({ fields }) => fields?.["error"])).toContain("a connection that throws");
  });

  it("is tried again after 1, 2, 4 … at most 60 s; after a quiet time after 1 s again", async () => {
    const presence = new Presence();
    const pauses: number[] = [];
    const failAndWait = async (): Promise<number> => {
      const failed = presence.clock.now();
      presence.service.fail();
      await presence.clock.runUntil(() => presence.service.available, 100_000);
      return presence.clock.now() - failed;
    };
    for (let turn = 0; turn < 8; turn += 1) pauses.push(await failAndWait());
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
    await presence.clock.advance(60_000);
    expect(await failAndWait()).toBe(1000);
    expect(presence.restarts).toBe(9);
  });

  it("a failure to start again is one more failure", async () => {
    let starts = 0;
    const presence = new Presence({}, (env) => {
      starts += 1;
      if (starts === 2) throw new Error("no start");
      return new Rooms(env);
    });
    presence.service.fail();
    await presence.clock.advance(1500);
    expect([presence.service.available, presence.log.at(-1)?.fields?.["error"]]).toEqual([false, "no start"]);
    await presence.clock.advance(2000);
    expect(presence.service.available).toBe(true);
  });

  it("does not go on after its end: nobody hears of anybody while presence is not available", async () => {
    const presence = new Presence();
    const [ann, bob] = [new FakeParticipant("ann"), new FakeParticipant("bob")];
    presence.service.join("doc", ann);
    presence.service.join("doc", bob);
    presence.service.fail();
    await presence.clock.advance(900);
    expect(ann.heard).toEqual([{ type: "presence", document: "doc", entries: [], available: false }]);
  });

  it("does not forget how people wanted to be seen, nor where they are (P5)", async () => {
    const presence = new Presence();
    const [ann, bob, cid] = [
      new FakeParticipant("ann"),
      new FakeParticipant("bob", "hidden"),
      new FakeParticipant("cid"),
    ];
    for (const participant of [ann, bob, cid]) presence.service.join("doc", participant);
    const cursor = { anchor: 0, head: 0, version: 0 };
    presence.service.move("doc", cid, { cursor: null, activity: "viewing", visibility: "hidden" });
    presence.service.fail();
    presence.service.move("doc", ann, { cursor, activity: undefined, visibility: undefined });
    await presence.clock.advance(2000);
    expect(ann.last?.entries.map(({ client }) => client)).toEqual(["ann-1"]);
    expect(ann.last?.entries).toMatchObject([{ cursor }]);
    expect(JSON.stringify(ann.heard)).not.toMatch(/bob|cid-1.*"activity":"viewing"/);
  });

  it("who comes while it is not available hears that, and of everybody when it is", async () => {
    const presence = new Presence();
    const [ann, bob] = [new FakeParticipant("ann"), new FakeParticipant("bob")];
    presence.service.join("doc", ann);
    presence.service.fail();
    expect(presence.service.entries("doc", bob)).toEqual([]);
    presence.service.join("doc", bob);
    expect(bob.last).toMatchObject({ entries: [], available: false });
    await presence.clock.advance(2000);
    expect(bob.last).toMatchObject({ all: true, available: true });
    expect(bob.last?.entries).toHaveLength(2);
  });
});

describe("one message for all who see the same (S6)", () => {
  it("is made and encoded once", async () => {
    const presence = new Presence();
    const people = Array.from({ length: 20 }, (_, index) => new FakeParticipant(`person${index}`));
    for (const person of people) presence.service.join("doc", person);
    await presence.clock.advance(1000);
    const [mover] = people;
    if (mover === undefined) throw new Error("nobody is here");
    const cursor = { anchor: 0, head: 0, version: 0 };
    presence.service.move("doc", mover, { cursor, activity: undefined, visibility: undefined });
    await presence.clock.advance(100);
    expect(new Set(people.map(({ sent }) => sent.at(-1))).size).toBe(1);
    expect(mover.last).toMatchObject({ entries: [], moved: { version: 0, cursors: [1, 0, 0] } });
  });
});

describe("presence that is switched off", () => {
  it("says so when somebody comes, takes what they say, and does nothing", async () => {
    const world = await worldOf({}, { presence: { enabled: false } });
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    ann.say(move(0, 0));
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.clock.advance(40_000);
    expect(world.server.presence.available).toBe(false);
    expect(bob.all("presence")).toEqual([{ type: "presence", document: "doc", entries: [], available: false }]);
    expect(bob.last("opened").presence).toEqual([]);
    expect(bob.last("committed").version).toBe(1);
    expect(ann.errors()).toEqual([]);
  });
});

/** What a peer was told of the document, and when. */
async function edits(kill: boolean): Promise<{ readonly heard: readonly unknown[]; readonly peer: Peer }> {
  const world = await World.create();
  const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
  const heard: unknown[] = [];
  let seen = 0;
  for (let version = 0; version < 60; version += 1) {
    ann.say(move(version, version));
    ann.submit(version + 1, version, version === 0 ? [{ insert: "x" }] : [{ retain: version }, { insert: "x" }]);
    if (kill && version % 7 === 3) world.server.presence.fail();
    await world.clock.advance(70);
    const committed = bob.all("committed");
    heard.push([world.clock.now(), committed.slice(seen)]);
    seen = committed.length;
  }
  await world.clock.advance(70_000);
  bob.say({ type: "ping" });
  return { heard, peer: bob };
}

describe("edits, while presence is killed again and again", () => {
  it("are the same, at the same time, as if nothing happened; then everybody is seen again", async () => {
    const quiet = await edits(false);
    const killed = await edits(true);
    expect(killed.heard).toEqual(quiet.heard);
    expect(killed.peer.errors()).toEqual([]);
    expect(killed.peer.all("presence").some(({ available }) => available === false)).toBe(true);
  });

  it("comes back with everybody, and with cursors of the newest text", async () => {
    const world = await World.create();
    const [ann, bob] = [await arrive(world, "ann"), await arrive(world, "bob")];
    ann.submit(1, 0, [{ insert: "hello" }]);
    await world.quiet();
    bob.say(move(5, 1));
    await world.quiet();
    world.server.presence.fail();
    ann.submit(2, 1, [{ insert: ">> " }]);
    await world.quiet();
    expect(namesSeenBy(ann)).toEqual([]);
    await world.clock.advance(2000);
    expect(namesSeenBy(ann)).toEqual(["ann", "bob"]);
    expect(seenBy(ann).get("bob-1")?.cursor).toEqual({ anchor: 8, head: 8, version: 2 });
  });
});
