import type { Operation } from "@tutti/ot";
import type { Committed, DownMessage } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import type { Participant, Place } from "../../src/delivery/participant.js";
import type { SharedMessage } from "../../src/delivery/shared-message.js";
import type { DocumentActor } from "../../src/documents/actor.js";
import { World } from "../harness.js";
import { Follower } from "./follower.js";

/** Somebody in a document, without a connection. */
class Guest implements Participant {
  readonly client: string;
  readonly user;
  readonly role = "editor";
  readonly introduction = {};
  readonly attends = false;
  readonly pieces: boolean;
  place: Place;
  hasRoom = true;
  readonly shared: SharedMessage[] = [];
  /** Tasks of the clock that had run when each message came: the same number, the same task. */
  readonly tasks: number[] = [];
  readonly #stage: Stage;

  constructor(stage: Stage, client: string, place: Place, pieces = true) {
    this.#stage = stage;
    this.client = client;
    this.user = { id: client, name: client };
    this.place = place;
    this.pieces = pieces;
  }

  get received(): DownMessage[] {
    return this.shared.map(({ message }) => message);
  }

  get commits(): readonly Committed[] {
    return this.received.filter((message): message is Committed => message.type === "committed");
  }

  send(message: SharedMessage): void {
    this.shared.push(message);
    this.tasks.push(this.#stage.world.clock.ran);
  }

  submit(sequence: number, version: number, operation: Operation): void {
    void this.#stage.actor.submit(this, { sequence, version, operation });
  }

  move(place: Place): void {
    this.place = place;
    this.#stage.actor.placed(this);
  }
}

/** A document with a crowd, told every 100 ms, and one who writes. */
class Stage {
  readonly world: World;
  readonly actor: DocumentActor;
  readonly writer: Guest;
  #written = 0;

  private constructor(world: World, actor: DocumentActor) {
    this.world = world;
    this.actor = actor;
    this.writer = new Guest(this, "writer", "editing");
  }

  static async open(text = ""): Promise<Stage> {
    const world = await World.create();
    const stage = new Stage(world, await world.done(world.server.documents.open("doc")));
    stage.actor.crowd(100);
    await stage.enter(stage.writer);
    if (text !== "") await stage.write([{ insert: text }]);
    await world.quiet(1000);
    return stage;
  }

  async enter(guest: Guest, version?: number): Promise<Guest> {
    await this.world.done(this.actor.join(guest, { version, content: false }, () => []));
    return guest;
  }

  viewer(client: string, pieces = true): Promise<Guest> {
    return this.enter(new Guest(this, client, "viewing", pieces));
  }

  /** Commits one operation, and lets hardly any time pass. */
  async write(operation: Operation = [{ insert: "x" }]): Promise<void> {
    this.#written += 1;
    const sequence = this.#written;
    this.writer.submit(sequence, this.actor.version, operation);
    const isTold = () => this.writer.commits.at(-1)?.changes.at(-1)?.sequence === sequence;
    if (!(await this.world.clock.runUntil(isTold, 1000))) throw new Error("not committed");
  }
}

const versionsOf = (message: Committed | undefined) => message?.changes.map(({ versions = 1 }) => versions);

describe("S11: who views a crowded document", () => {
  it("is told in rounds, of all that came in between as one; who edits is told every commit", async () => {
    const stage = await Stage.open("text");
    const viewer = await stage.viewer("v");
    const editor = await stage.enter(new Guest(stage, "e", "editing"));
    await stage.write();
    // After a pause the first one comes at once.
    await stage.world.quiet(1);
    expect(viewer.commits).toHaveLength(1);
    for (let count = 0; count < 7; count += 1) await stage.write();
    expect(viewer.commits).toHaveLength(1);
    await stage.world.quiet(100);
    expect(viewer.commits.map(versionsOf)).toEqual([[1], [7]]);
    expect(editor.commits).toHaveLength(8);
  });

  it("costs nothing while nothing is written", async () => {
    const stage = await Stage.open("text");
    await stage.viewer("v");
    await stage.world.quiet(500);
    const before = stage.world.clock.ran;
    await stage.world.quiet(5000);
    // The looks of the server at itself, twice a second.
    expect(stage.world.clock.ran - before).toBeLessThan(15);
  });

  it("shares one message with all others, in slices of at most 16", async () => {
    const stage = await Stage.open("text");
    const viewers: Guest[] = [];
    for (let index = 0; index < 300; index += 1) viewers.push(await stage.viewer(`v${index}`));
    await stage.write();
    await stage.write();
    await stage.world.quiet(300);
    expect(new Set(viewers.map(({ shared }) => shared.at(-1))).size).toBe(1);
    const tasks = viewers.map((viewer) => viewer.tasks.at(-1));
    const slices = [...new Set(tasks)].map((task) => tasks.filter((other) => other === task).length);
    expect(slices.length).toBeGreaterThan(18);
    expect(Math.max(...slices)).toBeLessThanOrEqual(16);
  });

  it("is passed over without room, and told all of it as one when there is room, though nobody writes", async () => {
    const stage = await Stage.open("text");
    const viewer = await stage.viewer("v");
    const other = await stage.viewer("w");
    viewer.hasRoom = false;
    for (let count = 0; count < 12; count += 1) {
      await stage.write();
      await stage.world.quiet(40);
    }
    await stage.world.quiet(1000);
    expect(viewer.commits).toHaveLength(0);
    expect(other.commits.length).toBeGreaterThan(3);
    viewer.hasRoom = true;
    await stage.world.quiet(200);
    expect(viewer.commits.map(versionsOf)).toEqual([[12]]);
  });

  it("gets every operation by itself where it does not know composed ones, still in rounds", async () => {
    const stage = await Stage.open("text");
    const old = await stage.viewer("old", false);
    for (let count = 0; count < 5; count += 1) await stage.write();
    await stage.world.quiet(200);
    expect(old.commits.flatMap(versionsOf)).toEqual([1, 1, 1, 1, 1]);
    expect(old.commits.length).toBeLessThan(3);
  });

  it("is told in the next round where one broke off", async () => {
    const stage = await Stage.open("text");
    const broken = await stage.viewer("a");
    const viewer = await stage.viewer("v");
    const { send } = Guest.prototype;
    broken.send = (message) => {
      broken.send = send;
      throw new Error(`no ${message.message.type} gets through`);
    };
    await stage.write();
    await stage.world.quiet(300);
    expect(viewer.commits.at(-1)?.version).toBe(stage.actor.version);
    await stage.write();
    await stage.world.quiet(300);
    expect(broken.commits.at(-1)?.version).toBe(stage.actor.version);
  });

  it("is live again when there is no crowd any more", async () => {
    const stage = await Stage.open("text");
    const viewer = await stage.viewer("v");
    await stage.write();
    await stage.write();
    expect(stage.actor.updates).toBe(100);
    stage.actor.crowd(undefined);
    expect(stage.actor.updates).toBeUndefined();
    await stage.world.quiet(1);
    expect(viewer.commits.flatMap(versionsOf).reduce<number>((sum, count = 0) => sum + count, 0)).toBe(2);
    await stage.write();
    expect(viewer.commits.at(-1)).toEqual(
      stage.writer.commits.map((message) => message).at(-1) && viewer.commits.at(-1),
    );
    expect(viewer.commits.at(-1)?.version).toBe(stage.actor.version);
  });
});

describe("S11: places that change", () => {
  it("who becomes an editor is brought on at once, without a commit and without a round", async () => {
    const stage = await Stage.open("text");
    const viewer = await stage.viewer("v");
    await stage.write();
    await stage.world.quiet(1);
    await stage.write();
    expect(viewer.commits).toHaveLength(1);
    viewer.move("editing");
    await stage.world.quiet(1);
    expect(viewer.commits.at(-1)?.version).toBe(stage.actor.version);
    await stage.write();
    expect(viewer.commits.at(-1)?.version).toBe(stage.actor.version);
  });

  it("who edited just before viewing hears that it is saved without waiting for a round (invariant 1)", async () => {
    const stage = await Stage.open("text");
    const editor = await stage.enter(new Guest(stage, "e", "editing"));
    stage.world.store.setFaults({ latency: [30, 30] });
    await stage.write();
    editor.submit(1, stage.actor.version, [{ insert: "e" }]);
    await stage.world.quiet(1);
    editor.move("viewing");
    await stage.world.quiet(35);
    expect(editor.commits.at(-1)?.changes).toMatchObject([{ client: "e", sequence: 1 }]);
    expect(editor.commits.at(-1)?.changes[0]?.operation).toBeUndefined();
  });

  it("what was written before a round is told with its content: the cuts are forgotten (invariant 3)", async () => {
    const stage = await Stage.open("ab");
    const guest = await stage.enter(new Guest(stage, "e", "editing"));
    const person = new Follower(guest, "e");
    person.read();
    const base = stage.actor.version;
    person.edit([{ retain: 1 }, { insert: "X" }]);
    person.state = { kind: "in_flight", version: base, inFlight: [{ retain: 1 }, { insert: "X" }] };
    person.sequence = 1;
    guest.move("viewing");
    // As one, "Y" is tied with "X"; one by one it is behind it.
    await stage.write([{ retain: 2 }, { insert: "Y" }]);
    await stage.world.quiet(1);
    await stage.write([{ retain: 2 }, { insert: "Z" }]);
    await stage.write([{ retain: 1 }, { delete: 1 }]);
    await stage.world.quiet(100);
    expect(guest.commits.map(versionsOf)).toEqual([[1], [2]]);
    guest.move("editing");
    guest.submit(1, base, [{ retain: 1 }, { insert: "X" }]);
    await stage.world.quiet(100);
    person.read();
    expect(person.cutElsewhere).toBe(1);
    expect(person.seen.text()).toBe(stage.actor.content.text());
    expect(stage.actor.content.text()).toBe("aXZY");
  });

  it("what is written on the version of a round, or later, is transformed over what was told (invariant 2)", async () => {
    const stage = await Stage.open("ab");
    const guest = await stage.viewer("v");
    const person = new Follower(guest, "v");
    await stage.write([{ retain: 2 }, { insert: "." }]);
    await stage.world.quiet(100);
    person.read();
    person.edit([{ retain: 1 }, { insert: "X" }]);
    guest.hasRoom = false;
    guest.move("editing");
    await stage.write([{ retain: 2 }, { insert: "Y" }]);
    await stage.write([{ retain: 1 }, { delete: 1 }]);
    person.submit();
    await stage.world.quiet(100);
    guest.hasRoom = true;
    await stage.world.quiet(100);
    person.read();
    expect(person.composed).toBe(2);
    expect(person.ownTold).toBe(0);
    expect(person.state.kind).toBe("synchronised");
    expect(person.seen.text()).toBe(stage.actor.content.text());
  });
});
