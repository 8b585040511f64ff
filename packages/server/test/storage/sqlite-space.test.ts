import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { record, typed } from "./fixtures.js";
import { openSqlite, temporaryFolder } from "./temporary-store.js";

const ALL = Number.POSITIVE_INFINITY;
const PACKER = fileURLToPath(new URL("./killed-packer.mjs", import.meta.url));

test("a packed log makes the file smaller once space is given back", async () => {
  const folder = temporaryFolder();
  const store = await openSqlite(folder.file);
  await store.createDocument(record("a"));
  await store.claim("a");
  const one = typed(1);
  const operations = Array.from({ length: 8000 }, (_, index) => ({ ...one, version: index + 1, sequence: index + 1 }));
  await store.append([{ document: "a", epoch: 1, operations }]);
  await store.close();
  const before = statSync(folder.file).size;
  const again = await openSqlite(folder.file);
  await again.compact("a", ALL);
  while (await again.reclaimSpace());
  expect(await again.operations("a", 0, ALL, ALL)).toHaveLength(8000);
  await again.close();
  // What is left is mostly the first page of each table and index.
  expect(statSync(folder.file).size).toBeLessThan(before / 4);
  folder.remove();
});

test("kill -9 while a log is packed loses nothing (H3)", { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  let packed = 0;
  for (const lines of [2, 5, 8, 9, 11, 14]) {
    const child = spawn(process.execPath, [PACKER, folder.file], { stdio: ["ignore", "pipe", "inherit"] });
    let said = 0;
    let appended = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const version = /^appended (\d+)$/.exec(line)?.[1];
      if (version !== undefined) appended = Number(version);
      said += 1;
      if (said === lines) child.kill("SIGKILL");
    }
    const store = await openSqlite(folder.file);
    const found = await store.operations("a", 0, ALL, ALL);
    expect(found.length).toBeGreaterThanOrEqual(appended);
    expect(found.map(({ version, sequence, user }) => [version, sequence, user])).toEqual(
      found.map((_, index) => [index + 1, index + 1, "ada"]),
    );
    expect(await store.clientPosition("a", "tab")).toMatchObject({ sequence: found.length, version: found.length });
    packed = (await store.segments("a")).length;
    await store.close();
  }
  // It would be hollow if nothing had been packed at all.
  expect(packed).toBeGreaterThan(0);
  folder.remove();
});
