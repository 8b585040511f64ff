import { describe, expect, it } from "vitest";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, watch } from "./world.js";

// Each of these was found by the simulator.

function opened(content = "start") {
  const server = new FakeServer([{ insert: content }]);
  const world = clientOf(server);
  const watched = watch(world.client.open(DOCUMENT));
  server.pump();
  const own = (): string => {
    const open = server.connection.received.find(({ type }) => type === "open");
    return open?.type === "open" ? open.client : "";
  };
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 5; round += 1) {
      server.pump();
      await world.clock.advance(2000);
    }
    server.pump();
  };
  return { ...world, ...watched, own, settle };
}

describe("a server that has more from this client than the client remembers", () => {
  it("gets what is pending under new numbers, once the person has chosen to merge", async () => {
    const { doc, server, own, settle } = opened();
    server.connection.lose();
    doc.insert(0, "mine ");
    // An older state was restored here than the one that had been sent.
    server.commit([{ retain: 5 }, { insert: " sent" }], own(), 1);
    server.commit([{ retain: 10 }, { insert: " before" }], own(), 2);
    await settle();
    expect([doc.status, doc.conflict?.reason]).toEqual(["Conflict", "diverged"]);
    doc.conflict?.merge();
    await settle();
    expect(doc.text()).toBe("mine start sent before");
    expect([server.document.text(), doc.status, doc.conflict]).toEqual([doc.text(), "Saved", undefined]);
    expect(server.submits.map(({ sequence }) => sequence)).toEqual([3]);
  });
});

describe("a server that has less from this client than the client remembers", () => {
  it("gets what is pending under the numbers that it expects", async () => {
    const { doc, server, settle } = opened();
    doc.insert(0, "a");
    server.pump();
    doc.insert(0, "b");
    await settle();
    expect(server.document.text()).toBe("bastart");
    server.connection.lose();
    // It was restored from an older state, and opens documents anew.
    server.log.pop();
    server.document = server.document.apply([{ delete: 1 }]);
    server.answersContentOnly = true;
    doc.insert(0, "c");
    await settle();
    expect(server.submits.map(({ sequence }) => sequence)).toEqual([1, 2, 2]);
    expect([server.document.text(), doc.text(), doc.status]).toEqual(["castart", "castart", "Saved"]);
  });
});

describe("a document that was opened elsewhere under the same name", () => {
  it("is opened again: it was an earlier tab, of which the last words came late", async () => {
    const { doc, server, errors, settle } = opened();
    const error = { code: "replaced", message: "opened again on a newer connection", retry: false } as const;
    server.connection.send({ type: "closed", document: DOCUMENT, error });
    server.leave(server.connection);
    server.connection.deliverDown();
    doc.insert(0, "mine ");
    expect(server.document.text()).toBe("start");
    await settle();
    expect([server.document.text(), doc.status, doc.conflict]).toEqual(["mine start", "Saved", undefined]);
    expect(errors).toEqual([]);
  });
});
