import type { Operation } from "@tutti/ot";
import type { Cursor, PresenceEntry, Visibility } from "@tutti/protocol";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../src/log.js";
import { silentPresenceObserver } from "../../src/metrics/presence-observer.js";
import { type CommittedOperation, carry } from "../../src/presence/carry.js";
import { DEFAULT_PRESENCE } from "../../src/presence/defaults.js";
import { PresenceService } from "../../src/presence/presence-service.js";
import { FakeParticipant } from "./fake-participant.js";
import { told } from "./room-of-peers.js";

const SEEDS = 60;
const STEPS = 150;
const WISHES: readonly Visibility[] = ["named", "anonymous", "hidden"];
const ROLES = ["viewer", "commenter", "editor"] as const;

/** Somebody in the room, and what they were told with the answer to `open`. */
interface Person {
  readonly participant: FakeParticipant;
  readonly opened: readonly PresenceEntry[];
}

/** Presence in one document, and people who do anything they may. */
class RandomRoom {
  readonly clock = new VirtualClock();
  readonly people: Person[] = [];
  readonly operations: CommittedOperation[] = [];
  readonly service: PresenceService;
  readonly #random: SeededRandom;
  #arrived = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    const { operations } = this;
    const history = {
      get version() {
        return operations.length;
      },
      inRounds: false,
      viewersWait: false,
      since: (version: number) => (version <= operations.length ? operations.slice(version) : undefined),
    };
    this.service = new PresenceService({
      clock: this.clock,
      random: this.#random.fork("presence"),
      log: silentLog,
      observer: silentPresenceObserver,
      settings: { ...DEFAULT_PRESENCE, sample: 3 },
      history: () => history,
      allowed: () => true,
    });
  }

  async step(): Promise<void> {
    const random = this.#random;
    const kind = random.between(0, 99);
    const person = this.people.length === 0 ? undefined : random.pick(this.people);
    if (person === undefined || (kind < 8 && this.people.length < 9)) this.#arrive();
    else if (kind < 12) this.#leave(person);
    else if (kind < 50) this.#move(person);
    else if (kind < 65) this.#commit(person);
    else if (kind < 75) this.#place(person);
    else if (kind < 85) person.participant.hasRoom = !person.participant.hasRoom;
    else if (kind < 87) this.service.fail();
    else await this.clock.advance(random.between(0, 120));
  }

  /** Everybody has room, and time passes. */
  async settle(): Promise<void> {
    for (const { participant } of this.people) participant.hasRoom = true;
    await this.clock.runUntil(() => this.service.available, 200_000);
    await this.clock.advance(1000);
  }

  /** Who is here as somebody was told, brought to the newest version as every client does it. */
  seenBy({ participant, opened }: Person): ReadonlyMap<string, string> {
    let entries = new Map(opened.map((entry) => [entry.client, entry]));
    for (const message of participant.heard) entries = told(entries, message);
    return this.#described(entries.values());
  }

  /** Who is here as the service would tell somebody who comes now. */
  tellableTo({ participant }: Person): ReadonlyMap<string, string> {
    return this.#described(this.service.entries("doc", participant));
  }

  #described(entries: Iterable<PresenceEntry>): ReadonlyMap<string, string> {
    return new Map(
      [...entries].map(({ client, user, cursor, activity, colour, number }) => [
        client,
        JSON.stringify([user, cursor && this.#carried(client, cursor), activity, colour, number]),
      ]),
    );
  }

  #carried(client: string, cursor: Cursor): Cursor {
    return this.operations.slice(cursor.version).reduce((moved, operation) => carry(moved, client, operation), cursor);
  }

  #arrive(): void {
    this.#arrived += 1;
    const participant = new FakeParticipant(`p${this.#arrived}`, this.#random.pick(WISHES));
    participant.role = this.#random.pick(ROLES);
    participant.place = participant.role === "editor" ? "editing" : "viewing";
    const opened = this.service.entries("doc", participant);
    this.service.join("doc", participant);
    this.people.push({ participant, opened });
  }

  #leave(person: Person): void {
    this.people.splice(this.people.indexOf(person), 1);
    this.service.leave("doc", person.participant);
  }

  #move({ participant }: Person): void {
    const random = this.#random;
    const version = random.between(Math.max(0, this.operations.length - 3), this.operations.length);
    const at = (): number => random.between(0, version);
    const cursor = random.chance(0.1) ? null : { anchor: at(), head: at(), version };
    const activity = random.pick(["editing", "viewing", undefined] as const);
    const visibility = random.chance(0.2) ? random.pick(WISHES) : undefined;
    this.service.move("doc", participant, { cursor, activity, visibility });
  }

  #commit({ participant }: Person): void {
    const { length } = this.operations;
    const at = this.#random.between(0, length);
    const operation: Operation = at === 0 ? [{ insert: "x" }] : [{ retain: at }, { insert: "x" }];
    this.operations.push({ version: length + 1, client: participant.client, operation });
    this.service.committed("doc", this.operations.slice(length));
  }

  #place({ participant }: Person): void {
    if (participant.role !== "editor") participant.role = participant.role === "viewer" ? "commenter" : "viewer";
    else participant.place = participant.place === "editing" ? "viewing" : "editing";
    this.service.placed("doc", participant);
  }
}

describe("what everybody was told, message by message", () => {
  it("is what somebody who comes now would be told, whatever was passed over, failed or changed meanwhile", async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const room = new RandomRoom(seed);
      for (let step = 0; step < STEPS; step += 1) await room.step();
      await room.settle();
      for (const person of room.people) {
        expect(room.seenBy(person), `seed ${seed}, ${person.participant.client}`).toEqual(room.tellableTo(person));
      }
    }
  });

  it("never has the name of somebody who wished to be hidden for as long as they only viewed", async () => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const room = new RandomRoom(seed);
      const hidden = new FakeParticipant("nobody", "hidden");
      room.service.join("doc", hidden);
      for (let step = 0; step < STEPS; step += 1) await room.step();
      await room.settle();
      const heard = room.people.flatMap((person) => [person.opened, person.participant.heard]);
      expect(JSON.stringify(heard), `seed ${seed}`).not.toContain("nobody");
    }
  });
});
