// Appends and packs at the same time until it is killed; a line per acknowledged call: its name, the
// version.
import { SqliteStore } from "../../dist/storage/sqlite-store.js";

const [file = ""] = process.argv.slice(2);
const store = await SqliteStore.open({ file });
const settings = { kind: "plain", identicalInserts: "merge" };
const record = { id: "a", title: "Notes", ...settings, createdBy: "ada", createdAt: 1, updatedAt: 1 };
await store.createDocument(record).catch(() => undefined);
const epoch = await store.claim("a");

let packing = Promise.resolve();
for (let version = await store.version("a"); ; ) {
  const operations = Array.from({ length: 500 }, (_, index) => {
    const next = version + 1 + index;
    const operation = next === 1 ? [{ insert: "a" }] : [{ retain: next - 1 }, { insert: "a" }];
    return { version: next, client: "tab", sequence: next, user: "ada", time: next, checksum: 1, operation };
  });
  await store.append([{ document: "a", epoch, operations }]);
  version += operations.length;
  process.stdout.write(`appended ${version}\n`);
  const upTo = version - 100;
  packing = packing.then(async () => {
    await store.compact("a", upTo);
    process.stdout.write(`packed ${upTo}\n`);
  });
  // Never far behind, so that the kill finds it at any stage.
  if (version % 1500 === 0) await packing;
}
