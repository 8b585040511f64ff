import type { Role } from "@tutti/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CrowdRules } from "../../src/attendance/defaults.js";
import { Roll } from "../../src/attendance/roll.js";
import type { RollEvent } from "../../src/attendance/roll-events.js";
import { Witness } from "./witness.js";

const RULES: CrowdRules = {
  connections: 7,
  calmConnections: 5,
  calm: 1000,
  editors: 3,
  mostEditors: 5,
  heldPlace: 3000,
  askAgain: 6000,
  updates: 100,
  slowestUpdates: 1000,
};

const PEOPLE = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] as const;
const ROLES: Readonly<Record<string, Role>> = { a: "owner", i: "viewer", j: "commenter" };
const roleOf = (id: string): Role => ROLES[id] ?? "editor";

const person = fc.constantFrom(...PEOPLE);
const arrive = fc.record({
  kind: fc.constant("arrive" as const),
  id: person,
  other: fc.boolean(),
  named: fc.boolean(),
});
const step = fc.oneof(
  { arbitrary: arrive, weight: 5 },
  { arbitrary: fc.record({ kind: fc.constant("leave" as const), id: person, lost: fc.boolean() }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant("ask" as const), id: person, edit: fc.boolean() }), weight: 4 },
  { arbitrary: fc.record({ kind: fc.constant("decide" as const), id: person, edit: fc.boolean() }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant("name" as const), id: person, edit: fc.boolean() }), weight: 2 },
  {
    arbitrary: fc.record({ kind: fc.constant("moderate" as const), on: fc.boolean(), named: fc.subarray([...PEOPLE]) }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constant("look" as const) }), weight: 1 },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function eventOf(step: Step, roll: Roll): RollEvent {
  switch (step.kind) {
    case "arrive": {
      // Now and then somebody's role is another one than before.
      const role = step.other && step.id === "h" ? "viewer" : roleOf(step.id);
      const named = step.named && role === "editor" && (roll.mode !== "moderated" || roll.named.includes(step.id));
      return { kind: "arrive", user: { id: step.id, name: step.id }, role, named };
    }
    case "leave":
      return { kind: "leave", user: step.id, lost: step.lost };
    case "ask":
      return { kind: "ask", user: step.id, wish: step.edit ? "edit" : "view" };
    case "moderate":
      return { kind: "moderate", moderated: step.on, named: step.named.filter((id) => roleOf(id) === "editor") };
    case "look":
      return { kind: "look" };
    default:
      return { kind: step.kind, user: step.id, edit: step.edit };
  }
}

const paced = fc.tuple(fc.constantFrom(0, 0, 1, 400, 1000, 2999, 3000, 7000), step);

describe("the roll of a document", () => {
  it("keeps its invariants, whatever happens (S11)", () => {
    const property = fc.property(fc.array(paced, { minLength: 1, maxLength: 80 }), (steps) => {
      const roll = new Roll(RULES);
      const witness = new Witness(roll, RULES);
      let now = 1_000_000;
      for (const [pause, each] of steps) {
        now += pause;
        witness.apply(eventOf(each, roll), now);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("says when time alone changes something: before, nothing does; after the last one, nothing is kept", () => {
    const property = fc.property(fc.array(paced, { minLength: 1, maxLength: 40 }), (steps) => {
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
    fc.assert(property, { numRuns: 500 });
  });
});
