import { describe, expect, test } from "vitest";
import { CommitQueue } from "../../src/storage/commit-queue.js";
import { type Append, type AppendOutcome, StoreError } from "../../src/storage/store.js";
import { typing } from "./fixtures.js";

interface Transaction {
  readonly documents: readonly string[];
  finish(): void;
  fail(error: unknown): void;
}

/** A commit whose transactions end when the test says so. */
function manualCommit(): {
  commit: (appends: readonly Append[]) => Promise<readonly AppendOutcome[]>;
  started: Transaction[];
} {
  const started: Transaction[] = [];
  const commit = (appends: readonly Append[]): Promise<readonly AppendOutcome[]> =>
    new Promise((resolve, reject) => {
      started.push({
        documents: appends.map(({ document }) => document),
        finish: () => resolve(appends.map(({ document }) => (document === "refused" ? "conflict" : "stored"))),
        fail: reject,
      });
    });
  return { commit, started };
}

/** Lets everything that waits for settled promises go on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function begin(
  names: readonly string[],
  queue: CommitQueue,
): Promise<PromiseSettledResult<readonly AppendOutcome[]>[]> {
  return Promise.allSettled(names.map((name) => queue.append([typing(name, 1, 1)])));
}

describe("CommitQueue (S5)", () => {
  test("calls of one turn share the first commit; those that come during it share the second", async () => {
    const { commit, started } = manualCommit();
    const queue = new CommitQueue(commit);
    const first = begin(["a", "b"], queue);
    await settled();
    const second = begin(["c", "d", "e"], queue);
    await settled();
    expect(started.map(({ documents }) => documents)).toEqual([["a", "b"]]);
    expect(queue.stats()).toEqual({ commits: 1, appends: 0, queued: 5 });
    started[0]?.finish();
    await first;
    await settled();
    expect(started.map(({ documents }) => documents)).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
    started[1]?.finish();
    await second;
    expect(queue.stats()).toEqual({ commits: 2, appends: 5, queued: 0 });
  });

  test("each call gets its own outcomes, also when it carries several appends or none", async () => {
    const { commit, started } = manualCommit();
    const queue = new CommitQueue(commit);
    const calls = Promise.all([
      queue.append([typing("a", 1, 1), typing("refused", 1, 1)]),
      queue.append([]),
      queue.append([typing("b", 1, 1)]),
    ]);
    await settled();
    started[0]?.finish();
    expect(await calls).toEqual([["stored", "conflict"], [], ["stored"]]);
  });

  test("a failed commit rejects all that were in it, and the next one goes on", async () => {
    const { commit, started } = manualCommit();
    const queue = new CommitQueue(commit);
    const failed = begin(["a", "b"], queue);
    await settled();
    const later = begin(["c"], queue);
    const error = new StoreError("unavailable", "disk full");
    started[0]?.fail(error);
    expect(await failed).toEqual([
      { status: "rejected", reason: error },
      { status: "rejected", reason: error },
    ]);
    await settled();
    started[1]?.finish();
    expect(await later).toEqual([{ status: "fulfilled", value: ["stored"] }]);
    expect(queue.stats().queued).toBe(0);
  });

  test("damage is kept apart: the call that meets it fails alone", async () => {
    const commits: string[][] = [];
    const queue = new CommitQueue(async (appends) => {
      commits.push(appends.map(({ document }) => document));
      if (appends.some(({ document }) => document === "broken")) throw new StoreError("damaged", "a flipped bit");
      return appends.map(() => "stored");
    });
    const results = await begin(["a", "broken", "b"], queue);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(commits).toEqual([["a", "broken", "b"], ["a"], ["broken"], ["b"]]);
  });

  test("a burst is cut into commits of bounded size, in order", async () => {
    const sizes: number[] = [];
    const queue = new CommitQueue(async (appends) => {
      sizes.push(appends.length);
      return appends.map(() => "stored");
    });
    await begin(
      Array.from({ length: 2500 }, (_, index) => `document-${index}`),
      queue,
    );
    expect(sizes).toEqual([1000, 1000, 500]);
  });

  test("drained waits for everything that was called before", async () => {
    const { commit, started } = manualCommit();
    const queue = new CommitQueue(commit);
    let drained = false;
    const call = begin(["a"], queue);
    const waiting = queue.drained().then(() => {
      drained = true;
    });
    await settled();
    expect(drained).toBe(false);
    started[0]?.finish();
    await Promise.all([call, waiting]);
    expect(drained).toBe(true);
    await queue.drained();
  });
});
