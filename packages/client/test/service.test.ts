import { describe, expect, it } from "vitest";
import { opened, type World } from "./world.js";

/** The server says how it is. */
function say({ server }: World, level: number, pace = 0): void {
  server.connection.send({ type: "pong", level, pace });
  server.pump();
}

describe("what the server says of itself", () => {
  it("S8, C8: is what a person reads, and is over when the server says so", () => {
    const world = opened("");
    for (const level of [1, 2, 3, 5, 0]) say(world, level);
    expect(world.statuses).toEqual(["Saved", "Presence unavailable", "Read-only mode", "Saved"]);
    say(world, 3);
    world.server.intercept = (_connection, message) => message.type === "submit";
    world.doc.insert(0, "kept");
    expect(world.doc.status).toBe("Changes may not be saved");
    expect(world.doc.text()).toBe("kept");
  });

  it("is forgotten with the connection", async () => {
    const world = opened("");
    say(world, 3);
    world.server.connection.lose();
    expect(world.doc.status).toBe("Working offline");
    await world.clock.advance(1000);
    world.server.pump();
    expect(world.doc.status).toBe("Saved");
  });

  it("S7: asked to slow down, it leaves time between operations and composes what is typed meanwhile", async () => {
    const world = opened("");
    const { server, doc, clock } = world;
    say(world, 0, 500);
    for (let tenth = 0; tenth < 50; tenth += 1) {
      doc.insert(doc.length, "x");
      server.pump();
      await clock.advance(100);
      server.pump();
    }
    expect(server.submits.length).toBeGreaterThanOrEqual(9);
    expect(server.submits.length).toBeLessThanOrEqual(11);
    await clock.advance(500);
    server.pump();
    expect(server.document.text()).toBe("x".repeat(50));
    expect(doc.status).toBe("Saved");

    say(world, 0);
    const before = server.submits.length;
    for (let count = 0; count < 5; count += 1) {
      doc.insert(0, "y");
      server.pump();
    }
    expect(server.submits.length).toBe(before + 5);
  });
});
