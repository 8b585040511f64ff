import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  applyPatches,
  killMoments,
  type Patch,
  parseRecording,
  type Recording,
  RecordingError,
  replayConcurrently,
  type Step,
} from "../src/index.js";

type Transaction = readonly [agent: number, parents: readonly number[], ...patches: Patch[]];

function encode(endContent: string, transactions: readonly Transaction[]): Buffer {
  const txns = transactions.map(([agent, parents, ...patches]) => ({ agent, parents, patches }));
  const numAgents = Math.max(0, ...txns.map(({ agent }) => agent)) + 1;
  return Buffer.from(JSON.stringify({ kind: "concurrent", endContent, numAgents, txns }));
}

const recording = (endContent: string, transactions: readonly Transaction[]): Recording =>
  parseRecording(encode(endContent, transactions));

/** Two people who never know quite the same; positions count the emoji as one. */
const TWO_PEOPLE: readonly Transaction[] = [
  [0, [], [0, 0, "a\u{1F600}b"]],
  [1, [0], [3, 0, "X"]],
  [0, [0], [1, 0, "1"]],
  [0, [2], [2, 0, "2"]],
  [1, [1], [1, 1, ""]],
  [1, [4, 2], [4, 0, "Y"]],
  [0, [3, 1], [0, 0, "Z"]],
  [1, [5, 6], [7, 0, "!"]],
];

/** What one puts behind a full stop, and the other in its place, meets at one place when the full stop is gone. */
const FULL_STOP: readonly Transaction[] = [
  [0, [], [0, 0, "s."]],
  [1, [0], [2, 0, "T"]],
  [0, [0], [1, 1, ""]],
  [1, [1, 2], [2, 0, "h"]],
  [0, [2], [1, 0, ","]],
  [0, [4, 1], [0, 0, "<"]],
  [1, [3, 5], [5, 0, ">"]],
];

describe("a recording of several people", () => {
  it("is replayed to the recorded text, with everybody seeing what they saw", async () => {
    const result = await replayConcurrently(recording("Za12bXY!", TWO_PEOPLE));
    expect(result).toMatchObject({ equal: true, edits: 8, texts: ["Za12bXY!", "Za12bXY!"] });
  });

  it("commits first what goes left, where only deleted text keeps two inserts apart", async () => {
    const result = await replayConcurrently(recording("<s,Th>", FULL_STOP));
    expect(result.texts).toEqual(["<s,Th>", "<s,Th>"]);
  });

  it("replays three people, and edits that leave nothing", async () => {
    const result = await replayConcurrently(
      recording("CBA.", [
        [0, [], [0, 0, "."]],
        [0, [0], [0, 0, "A"]],
        [1, [1], [0, 0, "B"]],
        [2, [0], [1, 0, "x"], [1, 1, ""]],
        [2, [2, 3], [0, 0, "C"]],
      ]),
    );
    expect(result).toMatchObject({ equal: true, standIns: 1 });
  });

  it("tells its progress", async () => {
    const shares: number[] = [];
    await replayConcurrently(recording("Za12bXY!", TWO_PEOPLE), { progress: (share) => shares.push(share) });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });

  it("is refused when two people insert at one place and its text does not follow from that", async () => {
    const tie: readonly Transaction[] = [
      [0, [], [0, 0, "A"]],
      [1, [], [0, 0, "B"]],
    ];
    const texts = await Promise.allSettled(["AB", "BA"].map((text) => replayConcurrently(recording(text, tie))));
    expect(texts.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("a recording replayed while the server is killed", () => {
  const THREE_PEOPLE: readonly Transaction[] = [
    [0, [], [0, 0, "."]],
    [0, [0], [0, 0, "A"]],
    [1, [1], [0, 0, "B"]],
    [2, [0], [1, 0, "x"], [1, 1, ""]],
    [2, [2, 3], [0, 0, "C"]],
  ];
  const recordings = [
    ["two people", recording("Za12bXY!", TWO_PEOPLE)],
    ["text that only deleted text keeps apart", recording("<s,Th>", FULL_STOP)],
    ["three people, and edits that leave nothing", recording("CBA.", THREE_PEOPLE)],
  ] as const;
  const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

  for (const [name, session] of recordings) {
    it(`ends with the recorded text: ${name}`, async () => {
      const { commits } = await replayConcurrently(session);
      for (const seed of seeds) {
        const result = await replayConcurrently(session, { kills: 1 + (seed % 6), seed });
        expect(result, `seed ${seed}`).toMatchObject({ equal: true, commits, kills: { all: 1 + (seed % 6) } });
      }
    });
  }

  it("loses some of the operations that were being written, and keeps others", async () => {
    const [, session] = recordings[0];
    const results = await Promise.all(seeds.map((seed) => replayConcurrently(session, { kills: 4, seed })));
    expect(results.some(({ kills }) => kills.durable > 0)).toBe(true);
    expect(results.some(({ kills }) => kills.lost > 0)).toBe(true);
  });

  it("is refused when there are more kills than harmless moments", async () => {
    await expect(replayConcurrently(recordings[0][1], { kills: 1000 })).rejects.toThrow(RecordingError);
  });
});

describe("killMoments", () => {
  const type = (author: number, upTo: number): Step => ({ kind: "type", author, upTo });
  const commit = (author: number, upTo: number): Step => ({ kind: "commit", author, upTo });
  const deliver = (author: number): Step => ({ kind: "deliver", author });
  const describeAll = (steps: readonly Step[]): readonly string[] =>
    killMoments(steps, 2).map(({ step, writing }) => `${writing ? "in" : "before"} ${step}`);

  it("leaves out those that would tell somebody two versions at once between which they typed", () => {
    const first = [type(0, 1), commit(0, 1), deliver(0), type(0, 2), commit(0, 2), deliver(0)];
    const typesBetween = [...first, deliver(1), type(1, 1), deliver(1), commit(1, 1), deliver(1), deliver(0)];
    const harmless = ["before 0", "before 1", "in 1", "before 2", "before 3", "before 4"];
    const again = ["before 7", "before 8", "before 9", "in 9", "before 10", "before 11"];
    expect(describeAll(typesBetween)).toEqual([...harmless, ...again]);
  });

  it("leaves out those after which two operations would become one", () => {
    const steps = [type(0, 1), type(0, 2), commit(0, 1), deliver(0), commit(0, 2), deliver(0), deliver(1), deliver(1)];
    expect(describeAll(steps)).not.toContain("before 0");
    expect(describeAll(steps)).toContain("before 1");
  });
});

describe("parseRecording", () => {
  it("reads gzipped files too", () => {
    expect(parseRecording(gzipSync(encode("s,Th", FULL_STOP))).authors.map((edits) => edits.length)).toEqual([4, 3]);
  });

  it("turns parents into what each author knew", () => {
    const [, bob] = recording("Za12bXY!", TWO_PEOPLE).authors;
    expect(bob?.map(({ seen }) => seen)).toEqual([
      [1, 0],
      [1, 1],
      [2, 2],
      [4, 3],
    ]);
  });

  const broken: readonly (readonly [string, unknown])[] = [
    ["a sequential recording", { startContent: "", endContent: "", txns: [] }],
    ["a list", []],
    ["no transactions", { kind: "concurrent", endContent: "", numAgents: 1 }],
    ["a parent that comes later", { kind: "concurrent", endContent: "", numAgents: 1, txns: [txn(0, [1])] }],
    ["an unknown agent", { kind: "concurrent", endContent: "", numAgents: 1, txns: [txn(1, [])] }],
    ["an author who forgot", { kind: "concurrent", endContent: "", numAgents: 1, txns: [txn(0, []), txn(0, [])] }],
    [
      "a broken patch",
      { kind: "concurrent", endContent: "", numAgents: 1, txns: [{ agent: 0, parents: [], patches: [[0]] }] },
    ],
  ];
  for (const [name, json] of broken) {
    it(`refuses ${name}`, () => {
      expect(() => parseRecording(Buffer.from(JSON.stringify(json)))).toThrow(RecordingError);
    });
  }
});

describe("applyPatches", () => {
  it("counts code points in patches and UTF-16 units in operations", () => {
    const { operation, text } = applyPatches(
      [
        [2, 1, "\u{1F601}x"],
        [4, 0, "!"],
      ],
      "\u{1F600}a\u{1F602}b",
    );
    expect(text).toBe("\u{1F600}a\u{1F601}x!b");
    expect(operation).toEqual([{ retain: 3 }, { insert: "\u{1F601}x!" }, { delete: 2 }]);
  });
});

function txn(agent: number, parents: readonly number[]) {
  return { agent, parents, patches: [[0, 0, "x"]] };
}
