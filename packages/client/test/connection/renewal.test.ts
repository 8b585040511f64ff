import { describe, expect, it } from "vitest";
import { opened, outcomeOf, unopened, type World } from "../world.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Hands out "token 1", "token 2" …; can be told to fail. */
function tokens() {
  const source = {
    asked: 0,
    fails: false,
    next: async (): Promise<string> => {
      source.asked += 1;
      if (source.fails) throw new Error("sign-in is down");
      return `token ${source.asked}`;
    },
  };
  return source;
}

/** A client whose tokens are good for so long, with its document open. */
async function signedIn(lifetime: number): Promise<World & { readonly source: ReturnType<typeof tokens> }> {
  const source = tokens();
  const world = unopened([{ insert: "a" }], undefined, source.next);
  world.server.judge = () => lifetime;
  await world.clock.settle();
  world.server.pump();
  return { ...world, source };
}

/** Lets time pass, while the network delivers all the time. */
async function live({ clock, server }: World, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 1000) {
    await clock.advance(Math.min(1000, left));
    server.pump();
  }
}

const hellos = ({ server }: World) =>
  server.connections.map(({ received }) => received.flatMap((up) => (up.type === "hello" ? [up.token] : [])));

describe("A1: a token that expires", () => {
  it("is renewed on the connection well before, and nothing else happens", async () => {
    const world = await signedIn(HOUR);
    await live(world, 0.7 * HOUR);
    expect(hellos(world)).toEqual([["token 1"]]);
    await live(world, 0.15 * HOUR);
    expect(hellos(world)).toEqual([["token 1", "token 2"]]);
    await live(world, HOUR);
    expect(hellos(world)).toEqual([["token 1", "token 2", "token 3"]]);
    expect(world.server.connection.received.filter((up) => up.type === "open")).toHaveLength(1);
    expect([world.statuses, world.errors]).toEqual([["Saved"], []]);
  });

  it("may be good for longer than a timer can count", async () => {
    const world = await signedIn(30 * 24 * HOUR);
    await live(world, 5 * MINUTE);
    expect(world.source.asked).toBe(1);
  });

  it("that cannot be renewed at first is tried again, with pauses, still before it expires", async () => {
    const world = await signedIn(HOUR);
    world.source.fails = true;
    await live(world, 0.8 * HOUR);
    expect(world.source.asked).toBeGreaterThan(5);
    expect(world.source.asked).toBeLessThan(20);
    expect(world.errors[0]).toMatchObject({ code: "unauthenticated", retry: true });
    expect(world.errors[0]?.message).toContain("sign-in is down");
    world.source.fails = false;
    await live(world, 2 * MINUTE);
    expect(hellos(world)[0]).toHaveLength(2);
    expect(world.doc.status).toBe("Saved");
  });

  it("whose successor is refused stays good until its end; the next one is offered", async () => {
    const world = await signedIn(HOUR);
    world.server.judge = (token) => (token === "token 2" ? "refused" : HOUR);
    await live(world, 0.8 * HOUR);
    world.doc.insert(0, "!");
    await live(world, 1000);
    expect(world.server.document.text()).toBe("!a");
    expect(world.errors).toMatchObject([{ code: "unauthenticated", message: "no token 2" }]);
    expect(hellos(world)).toEqual([["token 1", "token 2", "token 3"]]);
  });

  it("and has expired is replaced at once, by a connection with a fresh one; what is pending arrives", async () => {
    const world = await signedIn(HOUR);
    world.doc.insert(1, "!");
    const saved = world.doc.saved();
    world.server.connection.lose(4401, "unauthenticated");
    await world.clock.settle();
    world.server.pump();
    expect(hellos(world)).toEqual([["token 1"], ["token 2"]]);
    expect(await outcomeOf(saved)).toBe("fulfilled");
    expect(world.statuses).not.toContain("Working offline");
    expect(world.errors).toEqual([]);
  });

  it("is not renewed where it is a fixed text, and ends the work there: what is typed is kept", async () => {
    const world = unopened([{ insert: "a" }], undefined, "old");
    world.server.judge = (token) => (token === "old" ? HOUR : undefined);
    world.server.pump();
    await live(world, HOUR - 1000);
    expect(hellos(world)).toEqual([["old"]]);
    world.doc.insert(1, "!");
    const saved = world.doc.saved();
    world.server.connection.lose(4401, "the token has expired");
    await world.clock.advance(HOUR);
    expect(world.server.connections).toHaveLength(1);
    expect(world.client.connection).toMatchObject({ state: "stopped", error: { code: "unauthenticated" } });
    expect(world.errors).toMatchObject([{ code: "unauthenticated" }]);
    world.doc.insert(2, "?");
    expect([world.doc.text(), world.doc.status, await outcomeOf(saved)]).toEqual(["a!?", "Working offline", "pending"]);
    world.client.setToken("new");
    world.server.pump();
    expect(await outcomeOf(saved)).toBe("fulfilled");
    expect([world.server.document.text(), world.doc.status]).toEqual(["a!?", "Saved"]);
  });
});

describe("A1: tokens that the server refuses", () => {
  it("are fetched anew a few times, with pauses; then the client waits for the person", async () => {
    const world = await signedIn(HOUR);
    const fetched = world.source.asked;
    world.server.judge = () => "refused";
    world.doc.insert(1, "!");
    const saved = world.doc.saved();
    world.server.connection.lose(4401);
    await live(world, HOUR);
    expect(world.source.asked - fetched).toBe(4);
    expect(world.client.connection).toMatchObject({ state: "stopped", error: { code: "unauthenticated" } });
    expect([world.doc.status, await outcomeOf(saved)]).toEqual(["Working offline", "pending"]);
    world.server.judge = () => undefined;
    world.online();
    await live(world, MINUTE);
    expect(world.source.asked - fetched).toBe(4);
    world.client.setToken("another");
    world.server.pump();
    expect([world.doc.status, await outcomeOf(saved)]).toEqual(["Saved", "fulfilled"]);
  });

  it("count from the beginning after one that was taken", async () => {
    const world = await signedIn(HOUR);
    for (let round = 0; round < 3; round += 1) {
      world.server.judge = () => "refused";
      world.server.connection.lose(1006);
      await live(world, 5000);
      world.server.judge = () => HOUR;
      await live(world, 10_000);
      expect(world.doc.status).toBe("Saved");
      await live(world, MINUTE);
    }
  });

  it("break `ready`, until another one puts a new promise there", async () => {
    const world = unopened([{ insert: "a" }], undefined, "bad");
    world.server.judge = (token) => (token === "bad" ? "refused" : undefined);
    const { doc, client, server } = world;
    const first = doc.ready;
    server.pump();
    expect(await outcomeOf(first)).toMatchObject({ code: "unauthenticated" });
    expect(await outcomeOf(doc.ready)).toMatchObject({ code: "unauthenticated" });
    const other = client.open("other");
    expect(await outcomeOf(other.ready)).toMatchObject({ code: "unauthenticated" });
    client.setToken("good");
    expect(await outcomeOf(doc.ready)).toBe("pending");
    server.pump();
    expect(await Promise.all([outcomeOf(doc.ready), outcomeOf(other.ready)])).toEqual(["fulfilled", "fulfilled"]);
    expect(doc.text()).toBe("a");
  });
});

describe("A1: setToken", () => {
  it("renews a connection that is there", () => {
    const world = opened("");
    world.client.setToken("newer");
    world.server.pump();
    expect(hellos(world)).toEqual([["ann", "newer"]]);
    expect(world.statuses).toEqual(["Saved"]);
  });

  it("with one that is refused says so, and the one before goes on", () => {
    const world = opened("");
    world.server.judge = (token) => (token === "bad" ? "refused" : undefined);
    world.client.setToken("bad");
    world.server.pump();
    expect(world.errors).toMatchObject([{ code: "unauthenticated" }]);
    expect([world.doc.status, world.server.connections.length]).toEqual(["Saved", 1]);
  });

  it("with a source of tokens renews from then on", async () => {
    const world = opened("");
    world.server.judge = () => HOUR;
    const source = tokens();
    world.client.setToken(source.next);
    await live(world, HOUR);
    expect(hellos(world)).toEqual([["ann", "token 1", "token 2"]]);
  });

  it("counts for the attempt that is under way", () => {
    const world = unopened([], undefined, () => new Promise<string>(() => undefined));
    world.client.setToken("at last");
    world.server.pump();
    expect(hellos(world)).toEqual([["at last"]]);
    expect(world.doc.status).toBe("Saved");
  });

  it("is a reason to try at once", () => {
    const world = opened("");
    world.server.connection.lose();
    world.client.setToken("newer");
    world.server.pump();
    expect(hellos(world)).toEqual([["ann"], ["newer"]]);
  });
});
