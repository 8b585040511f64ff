import {
  admit,
  catchUp,
  Document,
  deliver,
  delivery,
  edit,
  flush,
  type Operation,
  operationsOf,
  piecesOf,
  Spans,
  synchronised,
} from "@tutti/ot";
import { LoroDoc } from "loro-crdt";
import * as Y from "yjs";
import { type Keystroke, operationsOf as toOperations } from "./edits.js";

/** Two replicas that edited apart. What was done while they edited is not part of the merge. */
export interface Apart {
  /** Brings each the edits of the other, and says how long that took, in milliseconds. */
  merge(): number;
  /** What the two show after it. */
  texts(): readonly [string, string];
}

/** One way to merge. */
export interface Side {
  readonly name: string;
  /** Edits apart: `away` while offline, `live` at the server. */
  apart(base: string, away: readonly Keystroke[], live: readonly Keystroke[]): Apart;
}

const timed = (task: () => void): number => {
  const start = performance.now();
  task();
  return performance.now() - start;
};

/**
 * The client was offline and kept its edits; the server kept its history and composed nothing yet, so that the merge
 * pays for all of it.
 */
export const ours: Side = {
  name: "Tutti",
  apart(base, away, live) {
    const start = Document.fromDelta([{ insert: base }]);
    const mine = toOperations(away);
    const state = flush(mine.reduce((so, operation) => edit(so, operation), synchronised(0)));
    let [client, server] = [applyAll(start, mine), start];
    let spans = Spans.from(0);
    for (const operation of toOperations(live)) {
      server = server.apply(operation);
      spans = spans.append(operation);
    }
    return {
      merge: () =>
        timed(() => {
          const pieces = piecesOf(deliver(delivery(0), spans.end, "span"), spans) ?? [];
          if (!("inFlight" in state)) throw new Error("nothing to merge");
          server = server.apply(admit(state.inFlight, operationsOf(pieces)));
          client = applyAll(client, catchUp(state, pieces).apply);
        }),
      texts: () => [client.text(), server.text()],
    };
  },
};

const applyAll = (document: Document, operations: readonly Operation[]): Document =>
  operations.reduce((so, operation) => so.apply(operation), document);

export const yjs: Side = {
  name: "Yjs",
  apart(base, away, live) {
    const [client, server] = [new Y.Doc(), new Y.Doc()];
    client.getText("t").insert(0, base);
    Y.applyUpdate(server, Y.encodeStateAsUpdate(client));
    for (const [doc, list] of [
      [client, away],
      [server, live],
    ] as const) {
      const text = doc.getText("t");
      for (const { index, text: letter } of list) {
        if (letter === "") text.delete(index, 1);
        else text.insert(index, letter);
      }
    }
    return {
      merge: () =>
        timed(() => {
          const forServer = Y.encodeStateAsUpdate(client, Y.encodeStateVector(server));
          const forClient = Y.encodeStateAsUpdate(server, Y.encodeStateVector(client));
          Y.applyUpdate(server, forServer);
          Y.applyUpdate(client, forClient);
        }),
      texts: () => [client.getText("t").toString(), server.getText("t").toString()],
    };
  },
};

export const loro: Side = {
  name: "Loro",
  apart(base, away, live) {
    const [client, server] = [new LoroDoc(), new LoroDoc()];
    client.getText("t").insert(0, base);
    client.commit();
    server.import(client.export({ mode: "update" }));
    for (const [doc, list] of [
      [client, away],
      [server, live],
    ] as const) {
      const text = doc.getText("t");
      for (const { index, text: letter } of list) {
        if (letter === "") text.delete(index, 1);
        else text.insert(index, letter);
        doc.commit();
      }
    }
    return {
      merge: () =>
        timed(() => {
          const forServer = client.export({ mode: "update", from: server.version() });
          const forClient = server.export({ mode: "update", from: client.version() });
          server.import(forServer);
          client.import(forClient);
        }),
      texts: () => [client.getText("t").toString(), server.getText("t").toString()],
    };
  },
};

export const SIDES: readonly Side[] = [ours, yjs, loro];
