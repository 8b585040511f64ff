import type { Operation } from "@tutti/ot";
import type { ErrorCode } from "@tutti/protocol";
import { describe, expect, it } from "vitest";
import type { Conflict, DocumentHandle } from "../src/index.js";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, outcomeOf, watch } from "./world.js";

/** A document that is open and saved, of a client that is asked when both sides changed more than `conflictAbove`. */
function opened(content: Operation | string, conflictAbove?: number) {
  const server = new FakeServer(typeof content === "string" ? [{ insert: content }] : content);
  const world = clientOf(server, conflictAbove === undefined ? {} : { conflictAbove });
  const watched = watch(world.client.open(DOCUMENT));
  const conflicts: (Conflict | undefined)[] = [];
  watched.doc.on("conflict", (conflict) => conflicts.push(conflict));
  server.pump();
  return { ...world, ...watched, conflicts };
}
type World = ReturnType<typeof opened>;

/** What the server does to the document, or to the next operation of the client. */
function closeWith({ server }: World, code: ErrorCode): void {
  server.connection.send({ type: "closed", document: DOCUMENT, error: { code, message: "no", retry: false } });
  server.leave(server.connection);
  server.intercept = (connection, message) => {
    if (message.type !== "open") return false;
    connection.send({ type: "closed", document: DOCUMENT, error: { code, message: "no", retry: false } });
    return true;
  };
  server.connection.deliverDown();
}

function refuseWith({ server }: World, code: ErrorCode): void {
  server.intercept = (connection, { type, ...message }) => {
    if (type !== "submit" || !("sequence" in message)) return false;
    const error = { code, message: "no", retry: false };
    connection.send({ type: "rejected", document: DOCUMENT, sequence: message.sequence, error });
    return true;
  };
}

const comply = ({ server }: World): void => {
  server.intercept = () => false;
};

/** Away while `act` happens, and back again. */
async function away({ server, clock }: World, act: () => void): Promise<void> {
  server.connection.lose();
  act();
  await clock.advance(1000);
  server.pump();
}

const text = (content: Operation | undefined): string | undefined =>
  content?.map((part) => ("insert" in part && typeof part.insert === "string" ? part.insert : "")).join("");

const conflictOf = (doc: DocumentHandle): Conflict => {
  const { conflict } = doc;
  if (conflict === undefined) throw new Error("there is no conflict");
  return conflict;
};

/** The copies go to a server of their own. */
function withCopies(world: World) {
  const copies = new FakeServer();
  const before = world.server.intercept;
  world.server.intercept = (connection, message) => {
    if (!("document" in message) || message.document !== "copy") return before(connection, message);
    copies.handle(connection, message);
    return true;
  };
  return copies;
}

/** Lets everything under way between promises and the server come to its end. */
async function settle({ server }: World, rounds = 10): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await outcomeOf(Promise.resolve());
    server.pump();
  }
}

describe("a document that is taken away while something is unsaved (C12)", () => {
  it.each([
    ["not_found", "deleted"],
    ["forbidden", "revoked"],
    ["document_too_large", "refused"],
  ] as const)("with %s is a conflict: %s; theirs can't be had", (code, reason) => {
    const world = opened("abc");
    world.doc.insert(3, " mine");
    closeWith(world, code);
    const conflict = conflictOf(world.doc);
    expect(conflict).toMatchObject({ reason, error: { code }, theirs: undefined, merged: undefined });
    expect([text(conflict.mine), world.doc.text(), world.doc.status]).toEqual(["abc mine", "abc mine", "Conflict"]);
    expect(world.conflicts).toEqual([conflict]);
  });

  it("is none where nothing is unsaved: then it is read-only, and says so to every edit", () => {
    const world = opened("abc");
    closeWith(world, "not_found");
    expect([world.doc.conflict, world.doc.status, world.doc.writable]).toEqual([undefined, "Read-only mode", false]);
    expect(() => world.doc.insert(0, "x")).toThrow(expect.objectContaining({ code: "not_found" }));
    expect(world.doc.text()).toBe("abc");
  });

  it("can be edited on, and nothing of it is sent", async () => {
    const world = opened("abc");
    world.doc.insert(3, " mine");
    closeWith(world, "not_found");
    world.doc.insert(8, " more");
    expect(text(conflictOf(world.doc).mine)).toBe("abc mine more");
    await away(world, () => undefined);
    expect([world.doc.status, world.server.submits]).toEqual(["Conflict", []]);
  });

  it("merge tries again: saved where the document is back, another conflict where it is not", () => {
    const world = opened("abc");
    world.doc.insert(3, " mine");
    closeWith(world, "not_found");
    conflictOf(world.doc).merge();
    expect([world.doc.conflict, world.doc.status]).toEqual([undefined, "Syncing…"]);
    world.server.pump();
    expect([conflictOf(world.doc).reason, world.doc.status]).toEqual(["deleted", "Conflict"]);
    comply(world);
    world.server.commit([{ insert: "theirs " }]);
    conflictOf(world.doc).merge();
    world.server.pump();
    expect([world.doc.text(), world.server.document.text()]).toEqual(["theirs abc mine", "theirs abc mine"]);
    expect([world.doc.status, world.conflicts.length]).toEqual(["Saved", 4]);
  });

  it("merge without a connection waits for it", async () => {
    const world = opened("abc");
    world.doc.insert(3, " mine");
    closeWith(world, "not_found");
    comply(world);
    await away(world, () => conflictOf(world.doc).merge());
    expect([world.server.document.text(), world.doc.status]).toEqual(["abc mine", "Saved"]);
  });

  it("discard goes back to the text as it was saved", async () => {
    const world = opened("abc");
    world.doc.insert(3, " mine");
    const saved = world.doc.saved();
    closeWith(world, "forbidden");
    conflictOf(world.doc).discard();
    expect([world.doc.text(), world.doc.conflict, world.doc.status]).toEqual(["abc", undefined, "Read-only mode"]);
    expect(world.changes.at(-1)).toMatchObject({ delta: [{ retain: 3 }, { delete: 5 }], origin: "remote" });
    expect(await outcomeOf(saved)).toMatchObject({ code: "forbidden" });
    expect(world.conflicts.at(-1)).toBeUndefined();
  });
});

describe("an operation that is refused for good (C12)", () => {
  it("is a conflict that shows what the server has, and what a merge would be", () => {
    const world = opened("abc");
    refuseWith(world, "document_too_large");
    world.doc.insert(3, "!");
    world.server.pump();
    world.server.commit([{ insert: "x" }]);
    world.server.pump();
    const { reason, theirs, merged, mine } = conflictOf(world.doc);
    expect([reason, text(theirs), text(merged), text(mine)]).toEqual(["refused", "xabc", "xabc!", "xabc!"]);
  });

  it("merge sends it again", () => {
    const world = opened("abc");
    refuseWith(world, "document_too_large");
    world.doc.insert(3, "!");
    world.server.pump();
    comply(world);
    conflictOf(world.doc).merge();
    world.server.pump();
    expect([world.server.document.text(), world.doc.status, world.doc.conflict]).toEqual(["abc!", "Saved", undefined]);
    expect(world.server.submits.map(({ sequence }) => sequence)).toEqual([1, 1]);
  });

  it("discard gives it up; the next edit takes its sequence", () => {
    const world = opened("abc");
    refuseWith(world, "document_too_large");
    world.doc.insert(3, "!");
    world.server.pump();
    world.doc.insert(0, "more ");
    conflictOf(world.doc).discard();
    expect([world.doc.text(), world.doc.status]).toEqual(["abc", "Saved"]);
    comply(world);
    world.doc.insert(0, "x");
    world.server.pump();
    expect([world.server.document.text(), world.doc.status]).toEqual(["xabc", "Saved"]);
    expect(world.server.submits.map(({ sequence }) => sequence)).toEqual([1, 1]);
  });

  it("and a document that is deleted then: the newer conflict takes its place", () => {
    const world = opened("abc");
    refuseWith(world, "document_too_large");
    world.doc.insert(3, "!");
    world.server.pump();
    const first = conflictOf(world.doc);
    closeWith(world, "not_found");
    expect([conflictOf(world.doc).reason, world.doc.status]).toEqual(["deleted", "Conflict"]);
    for (const choose of [() => first.merge(), () => first.discard()]) {
      expect(choose).toThrow(expect.objectContaining({ code: "unexpected_message" }));
    }
    expect(world.doc.text()).toBe("abc!");
  });

  it("is over when the document is closed", () => {
    const world = opened("abc");
    refuseWith(world, "document_too_large");
    world.doc.insert(3, "!");
    world.server.pump();
    const conflict = conflictOf(world.doc);
    world.doc.close();
    expect(() => conflict.merge()).toThrow(expect.objectContaining({ code: "unexpected_message" }));
    expect(world.conflicts.at(-1)).toBeUndefined();
  });
});

const long = (letter: string, length = 30): string => letter.repeat(length);

describe("two sides that went too far apart (C12)", () => {
  it("are a conflict with both texts and the merge; nothing is sent or shown before the choice", async () => {
    const world = opened("start\nend", 20);
    await away(world, () => {
      world.doc.insert(5, long("m"));
      world.server.commit([{ retain: 5 }, { insert: long("t") }]);
    });
    const { reason, error, mine, theirs, merged } = conflictOf(world.doc);
    expect([reason, error, world.doc.status]).toEqual(["diverged", undefined, "Conflict"]);
    expect(text(mine)).toBe(`start${long("m")}\nend`);
    expect(text(theirs)).toBe(`start${long("t")}\nend`);
    expect(text(merged)).toBe(`start${long("t")}${long("m")}\nend`);
    expect([world.doc.text(), world.server.submits]).toEqual([text(mine), []]);
  });

  it("merge takes the merge, with what was typed meanwhile and what others did", async () => {
    const world = opened("start\nend", 20);
    await away(world, () => {
      world.doc.insert(5, long("m"));
      world.server.commit([{ retain: 5 }, { insert: long("t") }]);
    });
    const conflict = conflictOf(world.doc);
    world.doc.insert(0, "typed ");
    world.server.commit([{ retain: 35 }, { insert: long("T") }]);
    conflict.merge();
    world.server.pump();
    expect(world.doc.text()).toBe(`typed start${long("t")}${long("T")}${long("m")}\nend`);
    expect([world.server.document.text(), world.doc.status]).toEqual([world.doc.text(), "Saved"]);
  });

  it("discard takes theirs, as it is by then; what was in flight and arrived is not sent back", async () => {
    for (const arrived of [true, false]) {
      const world = opened("start\nend", 20);
      world.doc.insert(5, long("m"));
      if (arrived) world.server.connection.deliverUp();
      await away(world, () => {
        world.doc.insert(5, long("n"));
        world.server.commit([{ retain: 5 }, { insert: long("t") }]);
      });
      conflictOf(world.doc).discard();
      world.server.pump();
      expect([world.doc.text(), world.doc.status]).toEqual([world.server.document.text(), "Saved"]);
      expect(world.doc.text()).toBe(`start${long("t")}${arrived ? long("m") : ""}\nend`);
      world.doc.insert(0, "on ");
      world.server.pump();
      expect(world.server.document.text()).toBe(`on start${long("t")}${arrived ? long("m") : ""}\nend`);
    }
  });

  it("stay a conflict over the next loss of the connection, and are the same conflict", async () => {
    const world = opened("start\nend", 20);
    await away(world, () => {
      world.doc.insert(5, long("m"));
      world.server.commit([{ retain: 5 }, { insert: long("t") }]);
    });
    const conflict = conflictOf(world.doc);
    await away(world, () => undefined);
    expect([conflictOf(world.doc), world.conflicts]).toEqual([conflict, [conflict]]);
    conflict.merge();
    world.server.pump();
    expect(world.doc.status).toBe("Saved");
  });

  it.each<[string, (world: World) => void]>([
    [
      "one side changed little there",
      ({ doc, server }) => {
        doc.insert(5, long("m", 500));
        server.commit([{ retain: 5 }, { insert: long("t", 20) }]);
      },
    ],
    [
      "they changed other paragraphs",
      ({ doc, server }) => {
        doc.insert(5, long("m", 500));
        server.commit([{ retain: 9 }, { insert: long("t", 500) }]);
      },
    ],
    [
      "what one of them did was taken back",
      ({ doc, server }) => {
        doc.insert(5, long("m", 500));
        doc.delete(5, 500);
        server.commit([{ retain: 5 }, { insert: long("t", 500) }]);
      },
    ],
  ])("merge by themselves where %s", async (_name, act) => {
    const world = opened("start\nend", 20);
    await away(world, () => act(world));
    expect([world.conflicts, world.doc.status]).toEqual([[], "Saved"]);
    expect(world.doc.text()).toBe(world.server.document.text());
  });

  it("counts what was deleted too, paragraph by paragraph", async () => {
    const world = opened(`${long("a")}\n${long("b")}\nend`, 20);
    await away(world, () => {
      world.doc.delete(0, 15);
      world.doc.delete(16, 15);
      world.server.commit([{ retain: 20 }, { delete: 8 }, { retain: 24 }, { insert: long("x", 13) }]);
    });
    expect(conflictOf(world.doc).reason).toBe("diverged");
  });

  it("is asked about at 50,000 characters when nobody said otherwise: tens of thousands merge by themselves", async () => {
    const world = opened("start\nend");
    await away(world, () => {
      world.doc.insert(5, long("m", 50_000));
      world.server.commit([{ retain: 5 }, { insert: long("t", 60_000) }]);
    });
    expect([world.conflicts, world.doc.status]).toEqual([[], "Saved"]);
    await away(world, () => {
      world.doc.insert(5, long("m", 50_001));
      world.server.commit([{ retain: 5 }, { insert: long("t", 60_000) }]);
    });
    expect(world.doc.status).toBe("Conflict");
  });

  it("goes for rich text as for plain text", async () => {
    const world = opened([{ insert: "start", attributes: { bold: true } }, { insert: { image: "a" } }], 20);
    await away(world, () => {
      world.doc.insert(6, long("m"), { italic: true });
      world.server.commit([{ retain: 6 }, { insert: long("t"), attributes: { bold: true } }]);
    });
    const { merged } = conflictOf(world.doc);
    conflictOf(world.doc).merge();
    world.server.pump();
    expect(world.server.document.toDelta()).toEqual(merged);
    expect(merged).toContainEqual({ insert: { image: "a" } });
  });

  it("where the server has only the content left is found in that", async () => {
    const world = opened("start\nend", 20);
    await away(world, () => {
      world.doc.insert(5, long("m"));
      world.server.commit([{ retain: 5 }, { insert: long("t") }]);
      world.server.answersContentOnly = true;
    });
    expect(text(conflictOf(world.doc).merged)).toBe(`start${long("t")}${long("m")}\nend`);
    conflictOf(world.doc).merge();
    world.server.pump();
    expect(world.server.document.text()).toBe(`start${long("t")}${long("m")}\nend`);
  });
});

describe("a server that has more of this client than the client remembers (C12, C3)", () => {
  /** What is pending here may be part of what the server has under sequences that nobody here knows of. */
  async function overtaken(theirs: string) {
    const world = opened("abc");
    world.doc.insert(3, "1");
    world.server.pump();
    const { client } = world.server.log[0] ?? { client: "" };
    await away(world, () => {
      world.doc.insert(4, "2");
      world.server.commit([{ retain: 4 }, { insert: theirs }], client, 2);
    });
    return world;
  }

  it("is a conflict with both texts", async () => {
    const { doc, errors, server } = await overtaken("two");
    const { reason, error, theirs, merged } = conflictOf(doc);
    expect([reason, error?.code, text(theirs), text(merged)]).toEqual([
      "diverged",
      "sequence_gap",
      "abc1two",
      "abc12two",
    ]);
    expect([doc.text(), errors.map(({ code }) => code), server.submits.length]).toEqual(["abc12", ["sequence_gap"], 1]);
  });

  it("merge sends it under a sequence that is free", async () => {
    const { doc, server } = await overtaken("two");
    conflictOf(doc).merge();
    server.pump();
    expect([doc.text(), server.document.text(), doc.status]).toEqual(["abc12two", "abc12two", "Saved"]);
    doc.insert(0, "x");
    server.pump();
    expect(server.document.text()).toBe("xabc12two");
  });

  it("discard takes the server's text, and goes on from there", async () => {
    const { doc, server } = await overtaken("two");
    conflictOf(doc).discard();
    server.pump();
    expect([doc.text(), doc.status]).toEqual(["abc1two", "Saved"]);
    doc.insert(0, "x");
    server.pump();
    expect(server.document.text()).toBe("xabc1two");
  });
});

describe("a copy of my text (C12)", () => {
  it("is saved before anything is given up here", async () => {
    const world = opened([{ insert: "abc", attributes: { bold: true } }]);
    world.doc.insert(3, " mine");
    closeWith(world, "not_found");
    const copies = withCopies(world);
    const keeping = conflictOf(world.doc).keepAsCopy(async () => "copy");
    await settle(world, 1);
    expect(world.doc.status).toBe("Conflict");
    world.doc.insert(8, " more");
    await settle(world);
    const copy = await keeping;
    expect(copy.id).toBe("copy");
    expect(copies.document.toDelta()).toEqual([
      { insert: "abc", attributes: { bold: true } },
      { insert: " mine more" },
    ]);
    expect([world.doc.conflict, world.doc.text(), world.doc.status]).toEqual([undefined, "abc", "Read-only mode"]);
  });

  it.each<[string, (world: World, copies: FakeServer) => Promise<string>]>([
    ["it can't be created", async () => Promise.reject(new Error("no"))],
    ["its id is none", async () => ""],
    [
      "it can't be opened",
      async (_world, copies) => {
        copies.intercept = (connection, message) => {
          const error = { code: "forbidden", message: "no", retry: false } as const;
          if (message.type === "open") connection.send({ type: "closed", document: "copy", error });
          return true;
        };
        return "copy";
      },
    ],
    [
      "it can't be saved",
      async (_world, copies) => {
        copies.intercept = (connection, message) => {
          if (message.type !== "submit") return false;
          const error = { code: "document_too_large", message: "no", retry: false } as const;
          connection.send({ type: "rejected", document: "copy", sequence: message.sequence, error });
          return true;
        };
        return "copy";
      },
    ],
  ])("leaves all as it was when %s", async (_name, create) => {
    const world = opened("abc");
    world.doc.insert(3, " mine");
    closeWith(world, "not_found");
    const copies = withCopies(world);
    const conflict = conflictOf(world.doc);
    const keeping = conflict.keepAsCopy(() => create(world, copies));
    const outcome = outcomeOf(keeping);
    await settle(world);
    expect(await outcomeOf(keeping)).toBeInstanceOf(Error);
    expect(await outcome).toBeDefined();
    expect([world.doc.conflict, world.doc.text(), world.doc.status]).toEqual([conflict, "abc mine", "Conflict"]);
    conflict.discard();
    expect(world.doc.text()).toBe("abc");
  });

  it("is made once at a time, and nothing else is chosen meanwhile", async () => {
    const world = opened("abc");
    world.doc.insert(3, " mine");
    closeWith(world, "not_found");
    withCopies(world);
    const conflict = conflictOf(world.doc);
    const keeping = conflict.keepAsCopy(async () => "copy");
    expect(() => conflict.merge()).toThrow(expect.objectContaining({ code: "unexpected_message" }));
    expect(await outcomeOf(conflict.keepAsCopy(async () => "copy"))).toMatchObject({ code: "unexpected_message" });
    await settle(world);
    await keeping;
    expect(() => conflict.discard()).toThrow(expect.objectContaining({ code: "unexpected_message" }));
  });
});
