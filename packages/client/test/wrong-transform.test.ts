import { type Operation, receive } from "@tutti/ot";
import { describe, expect, it } from "vitest";
import type { RebaseEngine } from "../src/index.js";
import { FakeServer } from "./fake-server.js";
import { clientOf, DOCUMENT, watch } from "./world.js";

/** What a broken engine makes of somebody else's operation, or of the person's own. */
type Receive = RebaseEngine["receive"];

/** Puts what others do one unit too far to the right. */
const shifted: Receive = (state, remote, ...rest) => {
  const result = receive(state, remote, ...rest);
  return state.kind === "synchronised" ? result : { ...result, apply: [{ retain: 1 }, ...result.apply] };
};

/** Forgets what the person did when somebody else does something. */
const forgetful: Receive = (state, remote, ...rest) => {
  const { state: next, apply } = receive(state, remote, ...rest);
  return { state: { kind: "synchronised", version: next.version }, apply };
};

/** Moves what the person did to the start of the text. */
const misplaced: Receive = (state, remote, ...rest) => {
  const { state: next, apply } = receive(state, remote, ...rest);
  const moved = (operation: Operation): Operation => operation.filter((part) => !("retain" in part));
  const inFlight = "inFlight" in next ? { inFlight: moved(next.inFlight) } : {};
  const buffer = "buffer" in next ? { buffer: moved(next.buffer) } : {};
  return { state: { ...next, ...inFlight, ...buffer }, apply };
};

/** Breaks the rules of operations altogether. */
const behindTheEnd: Receive = (state, remote, ...rest) => {
  const { state: next } = receive(state, remote, ...rest);
  return { state: next, apply: [{ retain: 999 }, { delete: 1 }] };
};

/** Takes the other side of every tie. */
const flipped: Receive = (state, remote, options, versions) => {
  if (!("buffer" in state) || state.kind !== "buffered") return receive(state, remote, options, versions);
  const swapped = receive({ kind: "buffered", version: state.version, buffer: remote }, state.buffer, options, 0);
  const mine = swapped.apply;
  const theirs = "buffer" in swapped.state ? swapped.state.buffer : [];
  return { state: { kind: "buffered", version: state.version + (versions ?? 1), buffer: mine }, apply: theirs };
};

function openedWith(wrong: Receive, rounds: number) {
  let left = rounds;
  const engine: RebaseEngine = {
    receive: (state, ...rest) => {
      if (left === 0 || state.kind === "synchronised") return receive(state, ...rest);
      left -= 1;
      return wrong(state, ...rest);
    },
  };
  const server = new FakeServer([{ insert: "one two" }]);
  const world = clientOf(server, { engine });
  const watched = watch(world.client.open(DOCUMENT));
  server.pump();
  const reports = () => server.connections.flatMap(({ received }) => received.filter((up) => up.type === "report"));
  return { ...world, ...watched, reports, mend: () => (left = 0) };
}

const ENGINES: readonly (readonly [string, Receive])[] = [
  ["what others do is shifted", shifted],
  ["what the person did is forgotten", forgetful],
  ["what the person did is misplaced", misplaced],
  ["an operation reaches behind the end", behindTheEnd],
];

describe("a transform that is wrong (C6)", () => {
  it.each(ENGINES)(
    "%s: it is noticed, reported and repaired, and pending edits are there once",
    async (_name, wrong) => {
      const { doc, server, clock, errors, reports } = openedWith(wrong, 1);
      doc.insert(7, " in flight");
      doc.insert(3, ", buffered,");
      server.connection.deliverUp();
      doc.insert(0, "0 ");
      server.commit([{ retain: 7 }, { insert: "!" }]);
      server.pump();
      expect(errors.length).toBeGreaterThan(0);
      expect(reports()).toHaveLength(1);
      await clock.advance(10_000);
      server.pump();
      await clock.advance(10_000);
      server.pump();
      expect(doc.text()).toBe(server.document.text());
      for (const mine of [" in flight", ", buffered,", "0 "]) expect(doc.text().split(mine)).toHaveLength(2);
      expect([doc.status, doc.conflict]).toEqual(["Saved", undefined]);
    },
  );

  it("is noticed by the server's checksum where both ways agree on the wrong place", async () => {
    const { doc, server, clock, reports } = openedWith(flipped, 1);
    server.connection.dropDown(0);
    doc.insert(3, "M");
    server.intercept = (_connection, { type }) => type === "submit";
    server.connection.deliverUp();
    server.connection.lose();
    server.intercept = () => false;
    doc.insert(4, "N");
    server.commit([{ retain: 3 }, { insert: "T" }]);
    for (let seconds = 0; seconds < 20; seconds += 1) {
      await clock.advance(1000);
      server.pump();
    }
    expect(doc.text()).toBe(server.document.text());
    expect([...doc.text()].sort().join("")).toBe([..."one twoTMN"].sort().join(""));
    expect(reports().length).toBeLessThanOrEqual(3);
  });

  it.each(ENGINES)("%s, again and again: no spinning, at last a conflict; nothing is lost", async (_name, wrong) => {
    const { doc, server, clock, reports, mend } = openedWith(wrong, Number.POSITIVE_INFINITY);
    server.intercept = (_connection, { type }) => type === "submit";
    doc.insert(7, " mine");
    server.commit([{ retain: 3 }, { insert: "!" }]);
    server.pump();
    const opens = () => server.connection.received.filter((up) => up.type === "open").length;
    for (let seconds = 0; seconds < 600 && doc.conflict === undefined; seconds += 1) {
      await clock.advance(1000);
      server.commit([{ retain: 3 }, { insert: String(seconds % 10) }]);
      server.pump();
    }
    expect(doc.conflict?.reason).toBe("diverged");
    expect(doc.text().split(" mine")).toHaveLength(2);
    expect(opens()).toBeLessThan(20);
    expect(reports().length).toBeLessThanOrEqual(12);
    mend();
    server.intercept = () => false;
    server.connection.lose();
    doc.conflict?.merge();
    for (let seconds = 0; seconds < 100; seconds += 1) {
      await clock.advance(1000);
      server.pump();
    }
    expect(doc.text()).toBe(server.document.text());
    expect(doc.text().split(" mine")).toHaveLength(2);
    expect([doc.status, doc.conflict]).toEqual(["Saved", undefined]);
  });
});

describe("a report (C6)", () => {
  it("has what it takes to reproduce it, and nobody's text", () => {
    const { doc, server, reports } = openedWith(shifted, 1);
    server.commit([{ retain: 3 }, { insert: "secret", attributes: { link: "secret" } }]);
    server.pump();
    server.intercept = (_connection, { type }) => type === "submit";
    doc.edit([{ insert: { image: "secret" } }, { insert: "secret" }]);
    doc.format(2, 3, { bold: true });
    server.pump();
    const { client } = server.connection.received.find((up) => up.type === "open") ?? { client: "" };
    server.commit([{ insert: "secret" }, { delete: 1 }]);
    server.pump();
    const [report] = reports();
    expect(report).toMatchObject({ document: DOCUMENT, client, version: 2 });
    expect(report?.expected).not.toBe(report?.actual);
    const details: unknown = JSON.parse(report?.details ?? "");
    expect(details).toMatchObject({
      engine: 1,
      base: { version: 1, length: 13 },
      visible: { length: 20 },
      inFlight: [{ insert: 1, embed: "image" }, { insert: 6 }],
      buffer: [{ retain: 2 }, { retain: 3, attributes: ["bold"] }],
      last: [{ from: 0, to: 1, own: false, operation: [{ retain: 3 }, { insert: 6, attributes: ["link"] }] }],
    });
    expect(JSON.stringify(server.connection.received.filter((up) => up.type === "report"))).not.toContain("secret");
  });

  it("of long operations and many commits has at most 4,000 units", () => {
    const { doc, server, reports } = openedWith(shifted, 1);
    const attributes = (name: string) =>
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${name}-${at}`, true]));
    for (let count = 0; count < 30; count += 1) {
      server.commit(Array.from({ length: 60 }, (_, at) => ({ insert: "x", attributes: attributes(`a${at % 2}`) })));
    }
    server.pump();
    server.intercept = (_connection, { type }) => type === "submit";
    doc.insert(0, "mine");
    server.commit([{ retain: 5 }, { insert: "y" }]);
    server.pump();
    expect(reports()).toHaveLength(1);
    expect(reports()[0]?.details.length).toBeLessThanOrEqual(4000);
    expect(JSON.parse(reports()[0]?.details ?? "")).toMatchObject({ engine: 1 });
  });

  it("is sent three times a minute at most", async () => {
    const { server, clock, reports } = openedWith(shifted, 0);
    const wrong = (): void => {
      const change = { client: "x", sequence: 1, user: "u", operation: [{ insert: "?" }], checksum: 1 };
      server.connection.send({ type: "committed", document: DOCUMENT, version: server.version + 1, changes: [change] });
      server.pump();
    };
    for (let round = 0; round < 5; round += 1) {
      wrong();
      await clock.advance(2000);
      server.pump();
      server.commit([{ insert: "X" }]);
      server.pump();
    }
    expect(reports()).toHaveLength(3);
    for (let seconds = 0; seconds < 60; seconds += 5) {
      await clock.advance(5000);
      server.pump();
    }
    wrong();
    expect(reports()).toHaveLength(4);
  });
});
