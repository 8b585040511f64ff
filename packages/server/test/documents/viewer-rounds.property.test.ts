import type { Operation } from "@tutti/ot";
import { SeededRandom } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { DocumentActor } from "../../src/documents/actor.js";
import { World } from "../harness.js";
import { Follower } from "./follower.js";
import { Tab } from "./tab.js";

const PEOPLE = 6;
const STEPS = 220;

/** What happened in all runs together: each of it must have happened, or the property shows nothing. */
const seen = { composed: 0, ownTold: 0, cutElsewhere: 0, promoted: 0, lost: 0, refused: 0 };

/** Some people around one crowded document, of whom everything may be asked at any time. */
class Crowd {
  readonly world: World;
  readonly actor: DocumentActor;
  readonly random: SeededRandom;
  readonly people: Follower<Tab>[] = [];
  readonly writer: Tab;
  written = 0;

  constructor(world: World, actor: DocumentActor, seed: number) {
    this.world = world;
    this.actor = actor;
    this.random = new SeededRandom(seed);
    this.writer = new Tab("w", actor, world.clock, this.random, { place: "editing", pieces: true });
  }

  async fill(): Promise<void> {
    for (let index = 0; index < PEOPLE; index += 1) {
      const client = `c${index}-1`;
      const person = new Follower(this.#tab(client, index < PEOPLE - 1), client);
      this.people.push(person);
      await this.world.done(person.peer.open(undefined));
    }
    await this.world.done(this.writer.open(undefined));
    await this.world.quiet(1000);
  }

  /** One random thing happens, and a little time passes. */
  async step(): Promise<void> {
    const person = this.#oneOf(this.people);
    const kind = this.random.between(0, 16);
    person.read();
    if (kind <= 7) this.#edit(person);
    else if (kind <= 9) this.#move(person);
    else if (kind === 10) await this.#reconnect(person);
    else if (kind === 11) person.peer.hasRoom = !person.peer.hasRoom;
    else if (kind === 12) this.actor.crowd(this.random.chance(0.8) ? this.random.pick([20, 100, 400]) : undefined);
    else if (kind === 13) await this.#waver(person);
    else this.#submit(person);
    await this.world.quiet(this.random.between(0, 60));
  }

  /** Everybody edits, has room, and says what is left. */
  async end(): Promise<void> {
    for (const { peer } of this.people) {
      peer.hasRoom = true;
      peer.move("editing");
    }
    for (let again = 0; again < 8; again += 1) {
      await this.world.quiet(2000);
      for (const person of this.people) {
        person.read();
        person.submit();
      }
    }
    await this.world.quiet(2000);
    for (const person of this.people) person.read();
  }

  #edit(person: Follower<Tab>): void {
    person.read();
    person.edit(this.#operation(person.seen.length, person.client[1] ?? ""));
    this.#submit(person);
  }

  /** In a text of a few letters, around one place: so edits touch each other, and it matters how history is cut. */
  #operation(length: number, letter: string): Operation {
    const at = Math.min(length, this.random.between(1, 3));
    const retained: Operation = at === 0 ? [] : [{ retain: at }];
    const deleted = Math.min(this.random.between(1, 2), length - at);
    if (deleted > 0 && this.random.between(0, 8) < length) return [...retained, { delete: deleted }];
    return [...retained, { insert: letter }];
  }

  /** Somebody without any latency edits. */
  #write(operation: Operation): void {
    this.written += 1;
    void this.actor.submit(this.writer, { sequence: this.written, version: this.actor.version, operation });
  }

  /** As the client does: what is in flight goes again on a new connection, or when it was refused, never otherwise. */
  #submit(person: Follower<Tab>): void {
    if (!person.peer.mayEdit) return;
    if (person.state.kind === "buffered") person.submit();
    else if (this.random.chance(0.3)) person.submit();
  }

  #move(person: Follower<Tab>): void {
    const { peer } = person;
    if (peer.place === "viewing") seen.promoted += 1;
    peer.move(peer.place === "viewing" ? "editing" : "viewing");
  }

  /** Somebody's edit is on its way while they view for a moment. */
  async #waver(chosen: Follower<Tab>): Promise<void> {
    const free = this.people.filter(({ peer, state }) => peer.mayEdit && peer.hasRoom && state.kind === "synchronised");
    const person = free.length === 0 ? chosen : this.#oneOf(free);
    person.peer.stall(this.random.between(100, 500));
    this.#edit(person);
    person.peer.move("viewing");
    const { length } = this.actor.content;
    if (length > 2 && this.random.chance(0.5)) {
      // Behind the next letter, which then goes: composed, this is a tie with what was inserted before that letter.
      const at = this.random.between(1, 3);
      this.#write([{ retain: Math.min(at + 1, length) }, { insert: "w" }]);
      await this.world.quiet(this.random.between(1, 30));
      this.#write([{ retain: at }, { delete: 1 }]);
    }
    for (let others = this.random.between(0, 4); others > 0; others -= 1) {
      this.#write(this.#operation(this.actor.content.length, "w"));
      await this.world.quiet(this.random.between(20, 60));
    }
    person.peer.move("editing");
  }

  async #reconnect(person: Follower<Tab>): Promise<void> {
    seen.lost += 1;
    const { peer, state } = person;
    seen.refused += peer.received.filter(({ type }) => type === "rejected").length;
    if (this.random.chance(0.5)) peer.lose();
    const tab = this.#tab(person.client, peer.pieces);
    person.moveTo(tab);
    // Not awaited to its end: others go on meanwhile.
    const opening = tab.open(state.version);
    await this.world.quiet(this.random.between(0, 50));
    await this.world.done(opening);
    peer.lose();
  }

  #oneOf(people: readonly Follower<Tab>[]): Follower<Tab> {
    const person = this.random.pick(people);
    if (person === undefined) throw new Error("nobody is here");
    return person;
  }

  #tab(client: string, pieces: boolean): Tab {
    const place = this.random.pick(["editing", "viewing"] as const);
    return new Tab(client, this.actor, this.world.clock, this.random, { place, pieces });
  }
}

async function run(seed: number): Promise<void> {
  const world = await World.create();
  const actor = await world.done(world.server.documents.open("doc"));
  const crowd = new Crowd(world, actor, seed);
  actor.crowd(100);
  await crowd.fill();
  for (let step = 0; step < STEPS; step += 1) await crowd.step();
  await crowd.end();
  const stored = await world.done(world.store.operations("doc", 0, actor.version, actor.version + 1));
  for (const person of crowd.people) {
    expect(person.state, person.client).toEqual({ kind: "synchronised", version: actor.version });
    expect(person.seen.checksum).toBe(actor.content.checksum);
    // Each edit exactly once, and none of those that were put in flight left out.
    const own = stored.filter(({ client }) => client === person.client).map(({ sequence }) => sequence);
    expect(own).toEqual(Array.from({ length: person.sequence }, (_, index) => index + 1));
    seen.composed += person.composed;
    seen.ownTold += person.ownTold;
    seen.cutElsewhere += person.cutElsewhere;
  }
}

describe("S11: viewers who become editors, and editors who become viewers", () => {
  it("have the same text in the end, each edit once, however they were told", { timeout: 120_000 }, async () => {
    for (let seed = 0; seed < 60; seed += 1) {
      try {
        await run(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
  });
});
