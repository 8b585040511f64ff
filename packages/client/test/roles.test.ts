import type { Role } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import { find, replaceAll } from "../src/find/index.js";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, watch } from "./world.js";

function openedAs(role: Role | undefined, text = "abc") {
  const server = new FakeServer([{ insert: text }]);
  server.role = role;
  const world = clientOf(server);
  const watched = watch(world.client.open(DOCUMENT));
  server.pump();
  return { ...world, ...watched };
}

const forbidden = expect.objectContaining({ code: "forbidden", retry: false });

describe("what somebody may do here (A2)", () => {
  it.each<[Role | undefined, Role, boolean, string, string]>([
    ["owner", "owner", true, "editing", "Saved"],
    ["editor", "editor", true, "editing", "Saved"],
    [undefined, "editor", true, "editing", "Saved"],
    ["commenter", "commenter", false, "suggesting", "Read-only mode"],
    ["viewer", "viewer", false, "viewing", "Read-only mode"],
  ])("%s: role %s, writable %s, %s, %s", (said, role, writable, mode, status) => {
    const { doc } = openedAs(said);
    expect([doc.role, doc.writable, doc.mode, doc.status]).toEqual([role, writable, mode, status]);
  });

  it.each(["viewer", "commenter"] as const)("every edit of a %s is refused, and nothing changes", (role) => {
    const { doc, server, changes } = openedAs(role);
    const edits = [
      () => doc.insert(0, "x"),
      () => doc.delete(0, 1),
      () => doc.format(0, 1, { bold: true }),
      () => doc.edit([{ insert: "x" }]),
      () => void replaceAll(doc, "a", "b"),
      () => void doc.undo(),
      () => void doc.redo(),
    ];
    for (const edit of edits) expect(edit).toThrow(forbidden);
    server.pump();
    expect([doc.text(), changes, server.submits]).toEqual(["abc", [], []]);
    expect(find(doc, "b")).toEqual([{ index: 1, length: 1 }]);
  });

  it("still sees what others do", () => {
    const { doc, server } = openedAs("viewer");
    server.commit([{ insert: "x" }]);
    server.pump();
    expect(doc.text()).toBe("xabc");
  });

  it("may be more or less after a reconnect", async () => {
    const { doc, server, clock } = openedAs("viewer");
    server.connection.lose();
    expect(doc.status).toBe("Working offline");
    server.role = "editor";
    await clock.advance(1000);
    server.pump();
    doc.insert(0, "x");
    server.pump();
    expect([server.document.text(), doc.status]).toEqual(["xabc", "Saved"]);
  });

  it("less, with something unsaved, is a conflict; more again, and it is saved", async () => {
    const { doc, server, clock } = openedAs("editor");
    const comeBackAs = async (role: Role) => {
      server.connection.lose();
      server.role = role;
      await clock.advance(1000);
      server.pump();
    };
    doc.insert(0, "x");
    await comeBackAs("commenter");
    expect([doc.conflict?.reason, doc.status, server.submits]).toEqual(["revoked", "Conflict", []]);
    await comeBackAs("editor");
    expect([doc.conflict, doc.status, server.document.text()]).toEqual([undefined, "Saved", "xabc"]);
  });
});

describe("the mode that an app sets", () => {
  it.each(["viewing", "suggesting"] as const)("%s: edits are refused with their reason", (mode) => {
    const { doc } = openedAs("editor");
    const told: boolean[] = [];
    doc.on("status", () => told.push(doc.writable));
    doc.mode = mode;
    expect(told).toEqual([false]);
    expect([doc.mode, doc.writable, doc.status]).toEqual([mode, false, "Saved"]);
    expect(() => doc.insert(0, "x")).toThrow(forbidden);
    expect(() => doc.insert(0, "x")).toThrow(mode);
    doc.mode = "editing";
    doc.insert(0, "x");
    expect(doc.text()).toBe("xabc");
  });

  it("never goes beyond the role", () => {
    const { doc } = openedAs("viewer");
    doc.mode = "editing";
    expect(doc.mode).toBe("viewing");
    doc.mode = "suggesting";
    expect(doc.mode).toBe("viewing");
    const commenter = openedAs("commenter").doc;
    commenter.mode = "viewing";
    expect(commenter.mode).toBe("viewing");
  });
});
