import type { Operation } from "@tutti/ot";
import { SeededRandom } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { CommittedOperation } from "../../src/presence/carry.js";
import { Cursors } from "../../src/presence/cursors.js";
import { Faces } from "../../src/presence/faces.js";
import { PresenceState } from "../../src/presence/presence-state.js";
import { FakeParticipant } from "./fake-participant.js";

/** Cursors of some people in a document, of which the newest `remembered` operations are known. */
class Scene {
  readonly operations: CommittedOperation[] = [];
  remembered = Number.POSITIVE_INFINITY;
  readonly faces = new Faces(50, new SeededRandom(1));
  readonly cursors: Cursors;

  constructor() {
    const scene = this;
    this.cursors = new Cursors(this.faces, {
      get version() {
        return scene.operations.length;
      },
      inRounds: false,
      viewersWait: false,
      since: (version) =>
        scene.operations.length - version > scene.remembered ? undefined : scene.operations.slice(version),
    });
  }

  /** Somebody whose cursor was said to be there. */
  at(user: string, position: number, version: number): PresenceState {
    const state = new PresenceState(new FakeParticipant(user), 0);
    this.faces.show(state, true);
    this.says(state, position, version);
    return state;
  }

  says(state: PresenceState, position: number, version: number): void {
    const cursor = { anchor: position, head: position, version };
    state.says({ cursor, activity: undefined, visibility: undefined }, 0);
    const face = this.faces.of(state);
    if (face !== undefined) this.cursors.moved(face);
  }

  /** So many times somebody else types one letter at the start. */
  typed(count: number, operation: Operation = [{ insert: "x" }]): void {
    for (let index = 0; index < count; index += 1) {
      this.operations.push({ version: this.operations.length + 1, client: "other", operation });
    }
  }

  cursorOf(state: PresenceState) {
    return this.faces.of(state)?.cursor;
  }
}

describe("cursors that are brought to the newest version (P4)", () => {
  it("wait until somebody is to be told of them, however much was committed since", () => {
    const scene = new Scene();
    const ann = scene.at("ann", 1, 0);
    scene.typed(300);
    expect(scene.cursorOf(ann)).toBeNull();
    expect(scene.cursors.settle()).toBe(0);
    expect(scene.cursorOf(ann)).toEqual({ anchor: 301, head: 301, version: 300 });
  });

  it("are what presence starts again with when it has failed, so that the way to them is never long", () => {
    const scene = new Scene();
    const ann = scene.at("ann", 1, 0);
    for (let turn = 0; turn < 20; turn += 1) {
      scene.typed(100);
      scene.cursors.settle();
    }
    expect(ann.cursor).toEqual({ anchor: 2001, head: 2001, version: 2000 });
  });

  it("are given up where the way is not known any more; the others go on", () => {
    const scene = new Scene();
    const [ann, bob] = [scene.at("ann", 1, 0), scene.at("bob", 2, 0)];
    scene.cursors.settle();
    scene.typed(50);
    scene.says(bob, 52, 50);
    scene.cursors.settle();
    expect(scene.cursorOf(ann)).toMatchObject({ head: 51 });
    // Only the last ten operations are remembered, and the newest word of ann is older.
    scene.typed(20);
    scene.says(bob, 72, 70);
    scene.remembered = 10;
    scene.typed(5);
    expect(scene.cursors.settle()).toBe(0);
    expect(scene.cursorOf(ann)).toBeNull();
    expect(scene.cursorOf(bob)).toEqual({ anchor: 77, head: 77, version: 75 });
  });

  it("of a version that does not exist, or is not remembered, are dropped, and the one before stays", () => {
    const scene = new Scene();
    const ann = scene.at("ann", 1, 0);
    scene.cursors.settle();
    scene.says(ann, 5, 1);
    expect(scene.cursors.settle()).toBe(1);
    expect(scene.cursorOf(ann)).toMatchObject({ head: 1, version: 0 });
    scene.typed(1500);
    scene.cursors.settle();
    scene.says(ann, 1, 400);
    expect(scene.cursors.settle()).toBe(1);
  });

  it("take no longer than they may: after much work the others have to wait, and are not lost", () => {
    const scene = new Scene();
    const people = ["ann", "bob", "cid"].map((name) => scene.at(name, 1, 0));
    scene.cursors.settle();
    const long: Operation = Array.from({ length: 5000 }, (_, index) =>
      index % 2 === 0 ? { insert: "x" } : { retain: 1 },
    );
    scene.typed(30, long.slice(0, -1));
    const versions = (): readonly (number | undefined)[] => people.map((state) => scene.cursorOf(state)?.version);
    scene.cursors.settle();
    expect(versions()).not.toEqual([30, 30, 30]);
    expect(scene.cursors.unfinished).toBe(true);
    for (let turn = 0; turn < 20; turn += 1) scene.cursors.settle();
    expect(scene.cursors.unfinished).toBe(false);
    expect(versions()).toEqual([30, 30, 30]);
  });
});
