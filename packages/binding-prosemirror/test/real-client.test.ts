import { type DocumentHandle, preload, TuttiClient } from "@tutti/client";
import { createServer, silentLog } from "@tutti/server";
import {
  MemoryDisk,
  MemoryStore,
  SeededRandom,
  type SimulatedHost,
  SimulatedNetwork,
  VirtualClock,
} from "@tutti/testkit";
import * as fc from "fast-check";
import { TextSelection } from "prosemirror-state";
import { beforeAll, describe, expect, it } from "vitest";
import { cursorKey } from "../src/cursors.js";
import { deltaFromDocument, documentFromDelta, positionOf, redo, undo } from "../src/index.js";
import { type Action, act, actions } from "./random-editing.js";
import { TestEditor } from "./test-editor.js";

const DOCUMENT = "doc";
const MINUTE = 60_000;

interface Writer {
  readonly handle: DocumentHandle;
  readonly editor: TestEditor;
  readonly host: SimulatedHost;
}

/** The real server, real clients and an editor on each, on a simulated network. */
async function openEditors(count: number, seed: number) {
  const random = new SeededRandom(seed);
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  disk.createDocument({
    id: DOCUMENT,
    kind: "rich",
    identicalInserts: "merge",
    title: "Test",
    createdBy: "ann",
    createdAt: 0,
    updatedAt: 0,
  });
  const server = createServer({
    store: new MemoryStore(disk, { clock, random: random.fork("store") }),
    clock,
    random: random.fork("server"),
    authenticator: { verify: async (token) => ({ id: token, name: token }) },
    log: silentLog,
  });
  const network = new SimulatedNetwork(clock, random);
  network.listen((connection, subprotocol) => server.accept(connection, subprotocol));
  const writers: Writer[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `writer ${index}`;
    const host = network.host(name);
    const environment = { clock, random: random.fork(name), transport: host };
    const handle = new TuttiClient({ url: "http://simulation", token: name, environment }).open(DOCUMENT);
    if (!(await clock.runUntil(() => handle.status === "Saved", MINUTE))) throw new Error(`${name} cannot open`);
    writers.push({ handle, host, editor: TestEditor.on(handle) });
  }
  const settle = async (): Promise<void> => {
    const agree = (): boolean =>
      writers.every(({ handle }) => handle.status === "Saved" && handle.version === disk.version(DOCUMENT));
    if (!(await clock.runUntil(agree, MINUTE))) throw new Error("they do not come to rest");
  };
  return { clock, random, writers, settle };
}

// Virtual time does not wait for code that is loaded from a disk.
beforeAll(preload);

describe("editors on the real client and the real server", () => {
  it("converge on one document, with undo and lost connections on the way", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { clock, random, writers, settle } = await openEditors(3, seed);
      const plan = fc.sample(actions, { seed, numRuns: 60 });
      for (const action of plan) {
        step(random, random.pick(writers), action);
        await clock.advance(random.between(0, 120));
      }
      await settle();
      const [first] = writers.map(({ editor }) => deltaFromDocument(editor.state.doc));
      for (const { editor, handle } of writers) {
        expect(deltaFromDocument(editor.state.doc), `seed ${seed}`).toEqual(first);
        expect(editor.state.doc.eq(documentFromDelta(handle.content())), `seed ${seed}`).toBe(true);
      }
    }
  });

  it("shows the caret of the others where it is", async () => {
    const { clock, writers, settle } = await openEditors(2, 1);
    const [ann, ben] = writers as [Writer, Writer];
    ann.editor.dispatch(ann.editor.state.tr.insertText("one two", 1));
    await settle();
    const { doc, tr } = ben.editor.state;
    ben.editor.dispatch(tr.setSelection(TextSelection.create(doc, positionOf(doc, 3))));
    ann.editor.dispatch(ann.editor.state.tr.insertText("zero ", 1));
    await clock.advance(1000);
    const cursors = cursorKey.getState(ann.editor.state)?.cursors;
    expect(cursors).toMatchObject([{ name: "writer 1", anchor: 8, head: 8 }]);
  });
});

function step(random: SeededRandom, writer: Writer | undefined, action: Action): void {
  if (writer === undefined) return;
  const { editor, host } = writer;
  if (random.chance(0.05)) host.cut();
  if (random.chance(0.15)) undo(editor.state, editor.dispatch);
  else if (random.chance(0.1)) redo(editor.state, editor.dispatch);
  else editor.dispatch(act(editor.state.tr, action));
}
