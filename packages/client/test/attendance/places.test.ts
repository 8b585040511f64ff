import type { Alert, Attendance, ErrorData, UpMessage } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { DOCUMENT, opened, outcomeOf, type World } from "../world.js";

const COUNTS = { mode: "crowded", people: 250, editors: 100, places: 100 } as const;

function tell({ server }: World, told: Partial<Attendance> & Pick<Attendance, "place">): void {
  server.connection.send({ type: "attendance", document: DOCUMENT, ...COUNTS, ...told });
  server.pump();
}

/** What was asked of the server for the document, beside edits and cursors. */
const asked = ({ server }: World): string[] =>
  server.connections
    .flatMap(({ received }) => received)
    .flatMap((up: UpMessage) => {
      if (up.type === "ask") return [up.wish];
      if (up.type === "decide") return [`${up.edit ? "grant" : "refuse"} ${up.user}`];
      return up.type === "moderate" ? [up.moderated ? "moderate" : "open"] : [];
    });

/** The server takes nothing more from who views. */
function refuseEdits({ server }: World, retryAfter?: number): void {
  const error: ErrorData = { code: "viewing_only", message: "no place", retry: true, retryAfter };
  server.intercept = (connection, message) => {
    if (message.type !== "submit") return false;
    connection.send({ type: "rejected", document: DOCUMENT, sequence: message.sequence, error });
    return true;
  };
}

async function reconnect(world: World): Promise<void> {
  world.server.connection.lose();
  await world.clock.advance(1000);
  world.server.pump();
}

describe("my place (S11)", () => {
  it("is unknown until the server tells; then it is told as it is, whatever was left out", () => {
    const world = opened("abc");
    const heard: (typeof world.doc.attendance)[] = [];
    world.doc.on("attendance", (attendance) => heard.push(attendance));
    expect([world.doc.attendance, world.doc.writable]).toEqual([undefined, true]);
    tell(world, { place: "editing", asking: [{ id: "u", name: "U" }] });
    expect(world.doc.attendance).toEqual({
      ...COUNTS,
      ...{ place: "editing", refused: false, asking: [{ id: "u", name: "U" }], named: [] },
    });
    expect(heard).toEqual([world.doc.attendance]);
  });

  it("to view: nothing can be typed until there is a place, and the app hears of both", () => {
    const world = opened("abc");
    const heard: [string, boolean][] = [];
    world.doc.on("status", (status) => heard.push([status, world.doc.writable]));
    tell(world, { place: "viewing" });
    expect(() => world.doc.insert(0, "x")).toThrow(expect.objectContaining({ code: "viewing_only", retry: true }));
    tell(world, { place: "asking", line: 2 });
    expect([world.doc.writable, world.doc.attendance?.line]).toEqual([false, 2]);
    tell(world, { place: "editing" });
    world.doc.insert(0, "x");
    world.server.pump();
    expect(world.server.document.text()).toBe("xabc");
    expect(heard.slice(0, 2)).toEqual([
      ["Read-only mode", false],
      ["Saved", true],
    ]);
  });

  it("comes with the document already; the role is what it is", () => {
    const world = opened("abc");
    const open = world.server.opened.bind(world.server);
    world.server.opened = (message) => ({ ...open(message), role: "editor", place: "viewing" });
    return reconnect(world).then(() => {
      expect([world.doc.role, world.doc.writable, world.doc.status]).toEqual(["editor", false, "Read-only mode"]);
    });
  });

  it("is asked for from the server with the first words", () => {
    const world = opened("abc");
    expect(world.server.connection.received).toContainEqual(
      expect.objectContaining({ type: "open", attendance: true }),
    );
  });
});

describe("what was typed before the place was lost", () => {
  it("is kept, and goes by itself when there is a place; nobody says that it is saved before (C8)", async () => {
    const world = opened("abc");
    refuseEdits(world, 60_000);
    world.doc.insert(0, "x");
    const saved = world.doc.saved();
    world.server.pump();
    tell(world, { place: "viewing" });
    expect([world.doc.text(), world.doc.unsaved, world.doc.status]).toEqual(["xabc", 1, "Changes may not be saved"]);
    for (let second = 0; second < 100; second += 1) {
      await world.clock.advance(1000);
      world.server.pump();
    }
    expect(world.server.submits).toHaveLength(1);
    world.server.intercept = () => false;
    world.server.commit([{ retain: 3 }, { insert: "!" }]);
    world.server.pump();
    tell(world, { place: "editing" });
    expect([world.server.document.text(), world.doc.status]).toEqual(["xabc!", "Saved"]);
    expect(await outcomeOf(saved)).toBe("fulfilled");
    expect(world.errors).toEqual([]);
  });

  it("is sent again after the time that the server asks for, where it says nothing of the place: no storm", async () => {
    const world = opened("abc");
    refuseEdits(world, 5000);
    world.doc.insert(0, "x");
    world.server.pump();
    for (let second = 0; second < 20; second += 1) {
      await world.clock.advance(1000);
      world.server.pump();
    }
    expect(world.server.submits.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 1, 1]);
    world.server.intercept = () => false;
    tell(world, { place: "editing" });
    expect(world.server.document.text()).toBe("xabc");
  });

  it("does not go after a reconnect to a place to view, and outlasts as many of them as there are", async () => {
    const world = opened("abc");
    refuseEdits(world, 1000);
    world.doc.insert(0, "x");
    world.server.pump();
    const open = world.server.opened.bind(world.server);
    world.server.opened = (message) => ({ ...open(message), place: "viewing" });
    await reconnect(world);
    await reconnect(world);
    expect([world.server.submits.length, world.doc.unsaved, world.doc.text()]).toEqual([1, 1, "xabc"]);
    world.server.intercept = () => false;
    tell(world, { place: "editing" });
    expect([world.server.document.text(), world.doc.unsaved]).toEqual(["xabc", 0]);
  });

  it("does not keep a document open that is closed: there is nothing to wait for", () => {
    const world = opened("abc");
    refuseEdits(world, 1000);
    world.doc.insert(0, "x");
    world.server.pump();
    tell(world, { place: "viewing" });
    world.doc.close();
    world.server.connection.deliverUp();
    expect(world.server.connection.received.at(-1)?.type).toBe("close");
  });

  it("is no other than what is in flight: a place lost before the answer came changes nothing of that", () => {
    const world = opened("abc");
    world.doc.insert(0, "x");
    world.server.connection.deliverUp();
    tell(world, { place: "viewing" });
    expect([world.server.document.text(), world.doc.unsaved, world.doc.status]).toEqual(["xabc", 0, "Read-only mode"]);
  });
});

describe("asking for a place", () => {
  it("is said once, and again after a reconnect for as long as it is not answered", async () => {
    const world = opened("abc");
    tell(world, { place: "viewing" });
    world.doc.askToEdit();
    world.server.pump();
    tell(world, { place: "asking", line: 1 });
    expect(asked(world)).toEqual(["edit"]);
    await reconnect(world);
    expect(asked(world)).toEqual(["edit"]);
    tell(world, { place: "viewing" });
    expect(asked(world)).toEqual(["edit", "edit"]);
    tell(world, { place: "viewing", refused: true });
    await reconnect(world);
    tell(world, { place: "viewing" });
    expect(asked(world)).toEqual(["edit", "edit"]);
  });

  it("without a connection is said when there is one; whoever has a place by then needs no other", async () => {
    const world = opened("abc");
    tell(world, { place: "viewing" });
    world.server.connection.lose();
    world.doc.askToEdit();
    await world.clock.advance(1000);
    world.server.pump();
    tell(world, { place: "viewing" });
    expect(asked(world)).toEqual(["edit"]);
    world.server.connection.lose();
    world.doc.askToEdit();
    await world.clock.advance(1000);
    world.server.pump();
    tell(world, { place: "editing" });
    tell(world, { place: "viewing" });
    expect(asked(world)).toEqual(["edit"]);
  });

  it("and deciding, moderating, giving up are said only where the document is open: nothing else is answered", async () => {
    const world = opened("abc");
    tell(world, { place: "editing" });
    world.server.connection.lose();
    await world.clock.advance(1000);
    world.server.connection.deliverUp();
    // Connected again, and the answer to `open` is still on its way.
    world.doc.decide("u", true);
    world.doc.moderate(true);
    world.doc.stopEditing();
    await Promise.resolve();
    world.server.connection.deliverUp();
    expect(asked(world)).toEqual([]);
  });

  it("brings an idle connection back: nothing else would", async () => {
    const world = opened("abc");
    tell(world, { place: "viewing" });
    world.server.connection.lose(4004);
    await world.clock.advance(120_000);
    expect(world.server.connections).toHaveLength(1);
    world.doc.askToEdit();
    world.server.pump();
    tell(world, { place: "viewing" });
    expect(asked(world)).toEqual(["edit"]);
  });

  it.each(["asking", "editing"] as const)(
    "%s, and no more while the connection was away: is told when it is back",
    async (place) => {
      const world = opened("abc");
      tell(world, { place });
      world.server.connection.lose();
      world.doc.stopEditing();
      await world.clock.advance(1000);
      world.server.pump();
      tell(world, { place });
      tell(world, { place: "viewing" });
      tell(world, { place: "editing" });
      expect(asked(world)).toEqual(["view"]);
    },
  );

  it("counts more than a place that was to be given up, and was lost before all was saved", async () => {
    const world = opened("abc");
    refuseEdits(world, 1000);
    world.doc.insert(0, "x");
    world.server.pump();
    world.doc.stopEditing();
    tell(world, { place: "viewing" });
    world.doc.askToEdit();
    world.server.intercept = () => false;
    tell(world, { place: "editing" });
    await world.doc.saved();
    world.server.pump();
    expect(asked(world)).toEqual(["edit"]);
  });

  it("is over when it was taken back in another tab: this one does not ask again", () => {
    const world = opened("abc");
    tell(world, { place: "viewing" });
    world.doc.askToEdit();
    tell(world, { place: "asking", line: 1 });
    tell(world, { place: "viewing" });
    tell(world, { place: "viewing" });
    expect(asked(world)).toEqual(["edit"]);
  });

  it("is taken back at once; a place is given up when all that was typed is saved", async () => {
    const world = opened("abc");
    tell(world, { place: "viewing" });
    world.doc.askToEdit();
    world.doc.stopEditing();
    world.server.pump();
    expect(asked(world)).toEqual(["edit", "view"]);
    tell(world, { place: "editing" });
    world.doc.insert(0, "x");
    world.doc.stopEditing();
    await Promise.resolve();
    world.server.connection.deliverUp();
    expect([world.server.submits.length, asked(world).length]).toEqual([1, 2]);
    world.server.pump();
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
    world.server.pump();
    expect(asked(world)).toEqual(["edit", "view", "view"]);
  });

  it("too soon is told as an error, and no reason to stay away for so long after the next lost connection", async () => {
    const world = opened("abc");
    const error: ErrorData = { code: "rate_limited", message: "asked just now", retry: true, retryAfter: 60_000 };
    world.doc.askToEdit();
    world.server.connection.send({ type: "failed", error, document: DOCUMENT });
    world.server.pump();
    expect(world.errors).toEqual([error]);
    tell(world, { place: "viewing", refused: true });
    await reconnect(world);
    expect(world.doc.status).toBe("Saved");
  });
});

describe("deciding", () => {
  it("is told to the server: who may edit, and whether I alone say so", () => {
    const world = opened("abc");
    world.doc.decide("u-ben", true);
    world.doc.decide("u-eve", false);
    world.doc.moderate(true);
    world.doc.moderate(false);
    world.server.pump();
    expect(asked(world)).toEqual(["grant u-ben", "refuse u-eve", "moderate", "open"]);
  });

  it("is refused for one document, and no error of another one on the same connection", () => {
    const world = opened("abc");
    const error: ErrorData = { code: "forbidden", message: "the owner decides", retry: false };
    world.server.connection.send({ type: "failed", error, document: "another" });
    world.server.pump();
    expect(world.errors).toEqual([]);
  });

  it("without the right to is an error that the app hears of", () => {
    const world = opened("abc");
    const error: ErrorData = { code: "forbidden", message: "the owner decides", retry: false };
    world.doc.moderate(true);
    world.server.connection.send({ type: "failed", error, document: DOCUMENT });
    world.server.pump();
    expect([world.errors, world.doc.status]).toEqual([[error], "Saved"]);
  });
});

describe("alerts (L4)", () => {
  const alert = (version: number, more: Partial<Alert> = {}): Alert => ({
    ...{ type: "alert", document: DOCUMENT, version, kind: "mass_deletion", user: { id: "u-eve", name: "Eve" } },
    ...{ removed: 600, length: 1000, ...more },
  });

  it("are told once each on a connection, oldest first, until they are settled", async () => {
    const world = opened("abc");
    const heard: string[] = [];
    world.doc.on("alert", ({ version, kind, settled }) => heard.push(`${kind} ${version} ${settled}`));
    const tellAlert = (told: Alert): void => {
      world.server.connection.send(told);
      world.server.pump();
    };
    tellAlert(alert(7));
    tellAlert(alert(3, { kind: "flagged", reason: "spam" }));
    expect(world.doc.alerts.map(({ version }) => version)).toEqual([3, 7]);
    await reconnect(world);
    expect(world.doc.alerts).toEqual([]);
    tellAlert(alert(7));
    tellAlert(alert(7));
    expect(world.doc.alerts).toEqual([
      {
        ...{ version: 7, kind: "mass_deletion", user: { id: "u-eve", name: "Eve" } },
        ...{ removed: 600, length: 1000, settled: false },
      },
    ]);
    // In the middle of a content that comes in parts.
    world.server.connection.lose();
    expect(world.doc.alerts).toHaveLength(1);
    await world.clock.advance(1000);
    world.server.connection.open();
    world.server.connection.deliverUp();
    world.server.connection.deliverDown();
    world.server.connection.send(alert(7));
    world.server.connection.deliverDown();
    world.server.pump();
    expect(world.doc.alerts).toHaveLength(1);
    tellAlert(alert(7, { settled: true }));
    expect(world.doc.alerts).toEqual([]);
    const again = ["mass_deletion 7 false", "mass_deletion 7 false"];
    expect(heard).toEqual(["mass_deletion 7 false", "flagged 3 false", ...again, "mass_deletion 7 true"]);
  });
});
