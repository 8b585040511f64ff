import type { Operation } from "@tutti/ot";
import { SeededRandom, VirtualClock } from "@tutti/testkit";
import { describe, expect, it } from "vitest";
import type { Conflict, DocumentHandle } from "../../src/index.js";
import { FakeServer } from "../fake-server.js";
import { clientOf, DOCUMENT, watch } from "../world.js";
import { MemoryOfflineStore } from "./memory-offline-store.js";

const MINE = "m".repeat(30);
const THEIRS = "t".repeat(30);

/** A device: what it stores outlives its tabs. A conflict is above 20 characters of both sides. */
class Device {
  readonly store = new MemoryOfflineStore();
  readonly server = new FakeServer([{ insert: "abc" }]);
  readonly #clock = new VirtualClock();
  #tabs: (() => void)[] = [];
  #started = 0;

  async tab() {
    this.#started += 1;
    const clock = this.#clock.mortal();
    const { store, crash } = this.store.tab();
    const { client, connection } = clientOf(this.server, {
      clock,
      random: new SeededRandom(this.#started),
      offline: store,
      conflictAbove: 20,
    });
    this.#tabs.push(() => {
      clock.kill();
      crash();
      connection()?.lose();
    });
    const watched = watch(client.open(DOCUMENT));
    await settle();
    return watched;
  }

  crash(): void {
    for (const end of this.#tabs) end();
    this.#tabs = [];
  }

  /** Everything arrives everywhere. */
  async quiet(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      this.server.pump();
      await settle();
    }
  }

  /** A tab that is open and saved. */
  async open() {
    const tab = await this.tab();
    await this.quiet();
    return tab;
  }

  /** The same document in a new tab after a crash. */
  async reload() {
    await settle();
    this.crash();
    return this.open();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const text = (content: Operation | undefined): string | undefined =>
  content?.map((part) => ("insert" in part && typeof part.insert === "string" ? part.insert : "")).join("");

const conflictOf = (doc: DocumentHandle): Conflict => {
  if (doc.conflict === undefined) throw new Error("there is no conflict");
  return doc.conflict;
};

describe("a conflict after a reload (C12, C3)", () => {
  /** Mine and theirs, apart from one another and too far. */
  async function farApart() {
    const device = new Device();
    const { doc } = await device.open();
    device.server.connection.lose();
    doc.insert(3, MINE);
    device.server.commit([{ retain: 3 }, { insert: THEIRS }]);
    return { device, ...(await device.reload()) };
  }

  it("is the same one, as often as it happens, with what was typed meanwhile", async () => {
    const { device, doc } = await farApart();
    expect([conflictOf(doc).reason, doc.status, doc.text()]).toEqual(["diverged", "Conflict", `abc${MINE}`]);
    doc.insert(0, "more ");
    const again = await device.reload();
    const { reason, mine, theirs, merged } = conflictOf(again.doc);
    expect([reason, text(mine), text(theirs)]).toEqual(["diverged", `more abc${MINE}`, `abc${THEIRS}`]);
    expect(text(merged)).toBe(`more abc${THEIRS}${MINE}`);
    expect(device.server.submits).toEqual([]);
  });

  it("is over for good when the person has chosen", async () => {
    for (const choice of ["merge", "discard"] as const) {
      const { device, doc } = await farApart();
      conflictOf(doc)[choice]();
      await device.quiet();
      const after = choice === "merge" ? `abc${THEIRS}${MINE}` : `abc${THEIRS}`;
      expect([doc.text(), device.server.document.text(), doc.status]).toEqual([after, after, "Saved"]);
      const again = await device.reload();
      expect([again.doc.text(), again.doc.conflict, again.doc.status]).toEqual([after, undefined, "Saved"]);
    }
  });

  it.each(["not_found", "document_too_large"] as const)("with %s comes back with the server's answer", async (code) => {
    const device = new Device();
    const { doc } = await device.open();
    const error = { code, message: "no", retry: false } as const;
    device.server.connection.lose();
    doc.insert(3, "!");
    device.server.intercept = (connection, message) => {
      if (code === "not_found" && message.type === "open") {
        connection.send({ type: "closed", document: DOCUMENT, error });
      } else if (code !== "not_found" && message.type === "submit") {
        connection.send({ type: "rejected", document: DOCUMENT, sequence: message.sequence, error });
      } else return false;
      return true;
    };
    for (let time = 0; time < 3; time += 1) {
      const tab = await device.reload();
      expect([conflictOf(tab.doc).error?.code, tab.doc.text(), tab.doc.status]).toEqual([code, "abc!", "Conflict"]);
    }
    const last = await device.reload();
    conflictOf(last.doc).discard();
    await device.quiet();
    device.server.intercept = () => false;
    const after = await device.reload();
    expect([after.doc.text(), after.doc.conflict, device.server.document.text()]).toEqual(["abc", undefined, "abc"]);
  });
});

describe("edits that an earlier tab left behind and that can't be delivered (C12, C3)", () => {
  /** The newer of two tabs goes on in the third; the older one's edits are far from what there is by then. */
  async function strandedTab() {
    const device = new Device();
    const older = await device.tab();
    const newer = await device.tab();
    await device.quiet();
    for (const connection of device.server.connections) connection.lose();
    older.doc.insert(3, MINE);
    await settle();
    newer.doc.insert(0, "new ");
    device.server.commit([{ retain: 3 }, { insert: THEIRS }]);
    const tab = await device.reload();
    await device.quiet();
    return { device, ...tab };
  }

  it("are a conflict of the open document, which itself goes on", async () => {
    const { device, doc } = await strandedTab();
    const { reason, mine, theirs, merged } = conflictOf(doc);
    expect([reason, text(mine), doc.status]).toEqual(["diverged", `abc${MINE}`, "Conflict"]);
    expect(text(theirs)).toBe(`new abc${THEIRS}`);
    expect(text(merged)).toBe(`new abc${THEIRS}${MINE}`);
    doc.insert(0, "on ");
    await device.quiet();
    expect(device.server.document.text()).toBe(`on new abc${THEIRS}`);
  });

  it("are merged once, and then forgotten", async () => {
    const { device, doc } = await strandedTab();
    conflictOf(doc).merge();
    await device.quiet();
    expect([device.server.document.text(), doc.conflict, doc.status]).toEqual([
      `new abc${THEIRS}${MINE}`,
      undefined,
      "Saved",
    ]);
    const again = await device.reload();
    await device.quiet();
    expect([again.doc.text(), again.doc.conflict]).toEqual([`new abc${THEIRS}${MINE}`, undefined]);
    expect(device.store.journals).toHaveLength(1);
  });

  it("stay until they are chosen about", async () => {
    const { device } = await strandedTab();
    const again = await device.reload();
    await device.quiet();
    conflictOf(again.doc).discard();
    await device.quiet();
    const last = await device.reload();
    await device.quiet();
    expect([last.doc.text(), last.doc.conflict]).toEqual([`new abc${THEIRS}`, undefined]);
  });
});
