import { describe, expect, it } from "vitest";
import { mayEdit, roleIn } from "../../src/access/roles.js";
import { World } from "../harness.js";

describe("what somebody may do in a document (A2)", () => {
  const stored = (role: string | undefined) => ({ role: async () => role });
  const document = { id: "doc", createdBy: "ann" };

  it.each([
    [undefined, "ann", "owner"],
    [undefined, "bob", "editor"],
    ["viewer", "bob", "viewer"],
    ["commenter", "bob", "commenter"],
    ["viewer", "ann", "viewer"],
    ["owner", "bob", "owner"],
    ["a role of a later version", "bob", "viewer"],
  ] as const)("granted %s, %s is %s", async (granted, user, role) => {
    expect(await roleIn(stored(granted), document, user)).toBe(role);
  });

  it("editing is for editors and owners", () => {
    expect((["viewer", "commenter", "editor", "owner"] as const).map(mayEdit)).toEqual([false, false, true, true]);
  });

  it("is told with the answer to `open`", async () => {
    const world = await World.create();
    await world.done(world.store.setRole("doc", "eve", "commenter"));
    const roles = [];
    for (const user of ["ann", "bob", "eve"]) roles.push((await world.join(user)).last("opened").role);
    expect(roles).toEqual(["owner", "editor", "commenter"]);
  });

  it("an edit of somebody who may only look is refused for good, and counts as bad input (L5)", async () => {
    const world = await World.create({ errorsPerConnection: 3 });
    await world.done(world.store.setRole("doc", "eve", "viewer"));
    const eve = await world.join("eve");
    eve.submit(1, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(eve.last("rejected")).toMatchObject({ sequence: 1, error: { code: "forbidden", retry: false } });
    const { content } = await world.done(world.server.documents.contentAt("doc", undefined));
    expect(content.length).toBe(0);
    for (let count = 0; count < 3; count += 1) eve.submit(1, 0, [{ insert: "x" }]);
    await world.quiet();
    expect(eve.errors().at(-1)).toBe("too_many_errors");
  });

  it("that can't be read keeps the document closed, and says to come again", async () => {
    const world = await World.create();
    await world.join("ann");
    world.store.failNext(1, "role");
    const bob = await world.join("bob");
    expect(bob.all("opened")).toEqual([]);
    expect(bob.last("closed").error).toMatchObject({ code: "storage_unavailable", retry: true });
  });
});
