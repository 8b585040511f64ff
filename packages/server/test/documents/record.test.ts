import { describe, expect, it } from "vitest";
import { World } from "../harness.js";

describe("the record of an open document", () => {
  it("is the newest one, though answers of the store overtake each other", async () => {
    const world = await World.create();
    const { documents } = world.server;
    const actor = await world.done(documents.open("doc"));
    const { store, clock } = world;
    const read = store.document.bind(store);
    let delay = 100;
    store.document = async (id) => {
      const record = await read(id);
      const wait = delay;
      delay = 0;
      await new Promise<void>((resolve) => void clock.schedule(wait, resolve));
      return record;
    };
    const renamed = documents.rename("doc", "New title");
    await world.quiet(20);
    await world.done(documents.moderate("doc", true));
    await world.done(renamed);
    expect([actor.record.title, actor.record.moderated]).toEqual(["New title", true]);
  });
});
