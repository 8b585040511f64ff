// @vitest-environment happy-dom
import type { Alert, Attendance, Conflict, DocumentHandle, Person } from "@tutti/client";
import { Document } from "@tutti/ot";
import { LocalDocument } from "@tutti/testkit";
import { StrictMode } from "react";
import { describe, expect, it } from "vitest";
import {
  TuttiProvider,
  useAlerts,
  useAttendance,
  useConflict,
  useConnection,
  useContent,
  usePeople,
  usePresence,
  useStatus,
  useText,
  useUndo,
  useWritable,
} from "../src/index.js";
import { ArrivingDocument, FakeClient, happens, Stage } from "./stage.js";

type Hook<T> = (document: DocumentHandle | undefined) => T;

function Value<T>({ of, hook, seen }: { of: DocumentHandle | undefined; hook: Hook<T>; seen: T[] }) {
  seen.push(hook(of));
  return null;
}

/** Every value that a component sees, one for each time that it renders. */
async function watch<T>(hook: Hook<T>, document: DocumentHandle | undefined): Promise<T[]> {
  const seen: T[] = [];
  await new Stage().show(<Value of={document} hook={hook} seen={seen} />);
  return seen;
}

const person = (client: string): Person => ({
  client,
  user: { id: client, name: client },
  colour: "#c2255c",
  activity: "editing" as const,
  active: 0,
  cursor: null,
});

describe("useText", () => {
  it("follows local and remote changes, and renders no more often than the text changes", async () => {
    const document = new LocalDocument(Document.fromDelta([{ insert: "one" }]));
    const seen = await watch(useText, document);
    await happens(() => document.insert(3, " two"));
    await happens(() => document.remote([{ insert: "zero " }]));
    expect(seen).toEqual(["one", "one two", "zero one two"]);
    await happens(() => document.format(0, 4, { bold: true }));
    await happens(() => document.undo());
    expect(seen).toHaveLength(3);
  });

  it("shows the content when it arrives", async () => {
    const document = new ArrivingDocument();
    const seen = await watch(useText, document);
    await happens(() => {
      document.silently([{ insert: "here" }]);
      document.arrive();
    });
    expect(seen).toEqual(["", "here"]);
  });

  it("hears nothing any more when it has left", async () => {
    const [document, stage, seen] = [new ArrivingDocument(), new Stage(), [] as string[]];
    await stage.show(<Value of={document} hook={useText} seen={seen} />);
    await stage.leave();
    await happens(() => {
      document.insert(0, "later");
      document.arrive();
    });
    expect(seen).toEqual([""]);
  });

  it("is the same in all components at any time", async () => {
    const document = new LocalDocument();
    const pairs: (readonly [string, string])[] = [];
    function Pair() {
      pairs.push([useText(document), useText(document)]);
      return null;
    }
    await new Stage().show(
      <StrictMode>
        <Pair />
      </StrictMode>,
    );
    for (const letter of "tearing") await happens(() => document.insert(document.length, letter));
    expect(pairs.at(-1)).toEqual(["tearing", "tearing"]);
    expect(pairs.filter(([one, other]) => one !== other)).toEqual([]);
  });
});

describe("useContent", () => {
  it("is the same list until something changes", async () => {
    const document = new LocalDocument(Document.fromDelta([{ insert: "bold", attributes: { bold: true } }]));
    const [seen, stage] = [[] as unknown[], new Stage()];
    const page = () => <Value of={document} hook={useContent} seen={seen} />;
    await stage.show(page());
    await stage.show(page());
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
    await happens(() => document.format(0, 4, { bold: null }));
    expect(seen.slice(2)).toEqual([[{ insert: "bold" }]]);
  });
});

describe("useStatus", () => {
  it("says how the document stands", async () => {
    const document = new LocalDocument();
    const seen = await watch(useStatus, document);
    await happens(() => {
      document.status = "Working offline";
    });
    await happens(() => document.insert(0, "does not matter here"));
    expect(seen).toEqual(["Saved", "Working offline"]);
  });
});

describe("usePresence", () => {
  it("says who else is there", async () => {
    const document = new LocalDocument();
    const seen = await watch(usePresence, document);
    await happens(() => document.presence.show([person("ada")]));
    await happens(() => document.insert(0, "does not matter here"));
    expect(seen).toEqual([[], [person("ada")]]);
  });
});

describe("usePeople", () => {
  it("has one entry for each person, the same list until something changes", async () => {
    const document = new LocalDocument();
    const seen = await watch(usePeople, document);
    await happens(() => document.presence.show([person("ada"), person("ben")]));
    await happens(() => document.insert(0, "does not matter here"));
    expect(seen.map((people) => people.map(({ user }) => user.name))).toEqual([[], ["ada", "ben"]]);
  });
});

describe("useAttendance", () => {
  it("says who may edit now, and useWritable whether I do", async () => {
    const document = new LocalDocument();
    const seen = await watch(useAttendance, document);
    const counts = { mode: "crowded", people: 300, editors: 100, places: 100, refused: false } as const;
    const attendance: Attendance = { ...counts, place: "viewing", asking: [], named: [] };
    await happens(() => document.attended(attendance));
    expect([seen, document.writable]).toEqual([[undefined, attendance], false]);
  });
});

describe("useAlerts", () => {
  it("has what nobody has looked at yet", async () => {
    const document = new LocalDocument();
    const seen = await watch(useAlerts, document);
    const alert: Alert = { version: 3, kind: "flagged", user: { id: "eve", name: "Eve" }, settled: false };
    await happens(() => document.alerted(alert));
    await happens(() => document.alerted({ ...alert, settled: true }));
    expect(seen).toEqual([[], [alert], []]);
  });
});

describe("useUndo", () => {
  it("undoes and redoes, and renders only when what is possible changes", async () => {
    const document = new LocalDocument();
    const seen = await watch(useUndo, document);
    await happens(() => document.insert(0, "a"));
    await happens(() => document.insert(1, "b"));
    await happens(() => void seen.at(-1)?.undo());
    await happens(() => void seen.at(-1)?.undo());
    await happens(() => expect(seen.at(-1)?.undo()).toBe(false));
    expect(document.text()).toBe("");
    await happens(() => void seen.at(-1)?.redo());
    expect(document.text()).toBe("a");
    const possible = seen.map(({ canUndo, canRedo }) => [canUndo, canRedo]);
    expect(possible).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, true],
      [true, true],
    ]);
  });
});

describe("useConflict and useWritable", () => {
  it("say that the person has to choose, and that it is over", async () => {
    const document = new ArrivingDocument();
    const conflicts = await watch(useConflict, document);
    const writable = await watch(useWritable, document);
    const conflict = { reason: "deleted" } as unknown as Conflict;
    await happens(() => document.clash(conflict));
    await happens(() => document.clash(undefined));
    expect(conflicts).toEqual([undefined, conflict, undefined]);
    expect(writable).toEqual([true, false, true]);
  });
});

describe("useConnection", () => {
  it("says how the connection stands", async () => {
    const [client, seen] = [new FakeClient(), [] as string[]];
    function State() {
      seen.push(useConnection().state);
      return null;
    }
    await new Stage().show(
      <TuttiProvider client={client}>
        <State />
      </TuttiProvider>,
    );
    await happens(() => client.connects({ ...client.connection, state: "connected" }));
    expect(seen).toEqual(["connecting", "connected"]);
  });
});

describe("without a document", () => {
  it("every hook has a value, and takes the document when it comes", async () => {
    const [stage, seen] = [new Stage(), [] as unknown[]];
    function All({ document }: { document: DocumentHandle | undefined }) {
      const { undo, redo } = useUndo(document);
      const text = useText(document);
      const others = usePresence(document);
      const [people, attendance, alerts] = [usePeople(document), useAttendance(document), useAlerts(document)];
      expect([people, attendance, alerts]).toEqual([[], undefined, []]);
      seen.push([text, useContent(document), others, useStatus(document), undo(), redo()]);
      return null;
    }
    await stage.show(<All document={undefined} />);
    expect(seen).toEqual([["", [], [], "Syncing…", false, false]]);
    await stage.show(<All document={new LocalDocument(Document.fromDelta([{ insert: "x" }]))} />);
    expect(seen.slice(1)).toEqual([["x", [{ insert: "x" }], [], "Saved", false, false]]);
  });
});
