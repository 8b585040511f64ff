import type { Role } from "@tutti/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CrowdRules } from "../../src/attendance/defaults.js";
import { Roll } from "../../src/attendance/roll.js";
import type { RollEvent } from "../../src/attendance/roll-events.js";
import { Witness } from "./witness.js";

const RULES: CrowdRules = {
  connections: 5,
  calmConnections: 4,
  calm: 500,
  editors: 2,
  mostEditors: 4,
  heldPlace: 3000,
  askAgain: 6000,
  updates: 100,
  slowestUpdates: 1000,
};

const PEOPLE = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] as const;
const ROLES: Readonly<Record<string, Role>> = { a: "owner", i: "viewer", j: "commenter" };
const roleOf = (id: string): Role => ROLES[id] ?? "editor";

/** Whom it concerns is picked by this number from those whom it may concern, or from everybody where there are none. */
const pick = fc.nat();
const whom = fc.record({ pick, astray: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) });
const step = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant("arrive" as const), whom, other: fc.boolean() }), weight: 5 },
  { arbitrary: fc.record({ kind: fc.constant("leave" as const), whom, lost: fc.boolean() }), weight: 6 },
  { arbitrary: fc.record({ kind: fc.constant("return" as const), whom }), weight: 2 },
  {
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      whom,
      edit: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
    }),
    weight: 8,
  },
  { arbitrary: fc.record({ kind: fc.constant("decide" as const), whom, edit: fc.boolean() }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant("name" as const), whom, edit: fc.boolean() }), weight: 2 },
  {
    arbitrary: fc.record({ kind: fc.constant("moderate" as const), on: fc.boolean(), named: fc.subarray([...PEOPLE]) }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constant("look" as const) }), weight: 1 },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function chosen({ pick: number, astray }: { pick: number; astray: boolean }, candidates: readonly string[]): string {
  const from = astray || candidates.length === 0 ? PEOPLE : candidates;
  return from[number % from.length] ?? "b";
}

function eventOf(step: Step, roll: Roll): RollEvent {
  const present = PEOPLE.filter((id) => (roll.person(id)?.tabs ?? 0) > 0);
  const placed = (place: string) => present.filter((id) => roll.standing(id).place === place);
  switch (step.kind) {
    case "arrive":
    case "return": {
      const away = PEOPLE.filter((id) => roll.person(id)?.tabs === 0);
      const id = chosen(step.whom, step.kind === "return" ? away : PEOPLE.slice(present.length));
      // Now and then somebody's role is another one than before.
      const role = step.kind === "arrive" && step.other && id === "h" ? "viewer" : roleOf(id);
      return { kind: "arrive", user: { id, name: id }, role, named: role === "editor" && roll.named.includes(id) };
    }
    case "leave":
      return { kind: "leave", user: chosen(step.whom, present), lost: step.lost };
    case "ask": {
      const { edit } = step;
      return { kind: "ask", user: chosen(step.whom, edit ? placed("viewing") : present), wish: edit ? "edit" : "view" };
    }
    case "decide":
      return {
        kind: "decide",
        user: chosen(
          step.whom,
          roll.asking.map(({ id }) => id),
        ),
        edit: step.edit,
      };
    case "name":
      return { kind: "name", user: chosen(step.whom, PEOPLE.slice(1, 8)), edit: step.edit };
    case "moderate":
      return { kind: "moderate", moderated: step.on, named: step.named.filter((id) => roleOf(id) === "editor") };
    case "look":
      return { kind: "look" };
  }
}

// Mostly short, so that what is kept for a while is found again.
const paced = fc.tuple(fc.constantFrom(0, 0, 0, 1, 300, 1000, 2999, 3000, 7000), step);

describe("the roll of a document", () => {
  it("whoever was refused gets no place by opening the document again; later they may ask as everybody (4)", () => {
    const roll = new Roll(RULES);
    const arrive = (id: string, now: number) =>
      roll.apply({ kind: "arrive", user: { id, name: id }, role: "editor", named: false }, now);
    for (const id of ["b", "c", "d"]) arrive(id, 0);
    roll.apply({ kind: "ask", user: "d", wish: "edit" }, 0);
    roll.apply({ kind: "decide", user: "d", edit: false }, 0);
    for (const id of ["c", "d"]) roll.apply({ kind: "leave", user: id, lost: false }, 0);
    arrive("d", 1);
    expect(roll.standing("d")).toEqual({ place: "viewing", refused: true });
    roll.apply({ kind: "ask", user: "d", wish: "edit" }, RULES.askAgain);
    expect(roll.standing("d")).toEqual({ place: "editing", refused: false });
  });

  it("keeps its invariants, whatever happens (S11)", () => {
    const property = fc.property(fc.array(paced, { minLength: 20, maxLength: 80, size: "max" }), (steps) => {
      const roll = new Roll(RULES);
      const witness = new Witness(roll, RULES);
      let now = 1_000_000;
      for (const [pause, each] of steps) {
        now += pause;
        witness.apply(eventOf(each, roll), now);
      }
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("says when time alone changes something: before, nothing does; after the last one, nothing is kept", () => {
    const property = fc.property(fc.array(paced, { minLength: 1, maxLength: 40, size: "max" }), (steps) => {
      const roll = new Roll(RULES);
      let now = 1_000_000;
      for (const [pause, each] of steps) {
        now += pause;
        roll.apply(eventOf(each, roll), now);
      }
      for (let deadline = roll.deadline; deadline !== undefined; deadline = roll.deadline) {
        const before = roll.figures;
        if (deadline > now) expect(roll.apply({ kind: "look" }, deadline - 1).size).toBe(0);
        expect(roll.figures).toEqual(before);
        now = Math.max(now, deadline);
        roll.apply({ kind: "look" }, now);
        expect(roll.deadline ?? now + 1).toBeGreaterThan(now);
      }
      const { people, connections } = roll.figures;
      if (people === 0) expect([connections, roll.isEmpty, roll.figures.editors]).toEqual([0, true, 0]);
    });
    fc.assert(property, { numRuns: 200 });
  });
});
