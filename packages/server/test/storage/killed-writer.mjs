// A server that types into four documents until it is killed; a line per acknowledged operation: document version.
import { SqliteStore } from "../../dist/storage/sqlite-store.js";

const DOCUMENTS = 4;
const [file = ""] = process.argv.slice(2);
const store = await SqliteStore.open({ file });

await Promise.all(Array.from({ length: DOCUMENTS }, (_, index) => type(`document-${index}`)));

async function type(document) {
  const settings = { kind: "plain", identicalInserts: "merge" };
  const record = { id: document, title: "Notes", ...settings, createdBy: "ada", createdAt: 1, updatedAt: 1 };
  await store.createDocument(record).catch(() => undefined);
  const epoch = await store.claim(document);
  for (let version = (await store.version(document)) + 1; ; version += 1) {
    const operation = version === 1 ? [{ insert: "a" }] : [{ retain: version - 1 }, { insert: "a" }];
    const stored = { version, client: "tab", sequence: version, user: "ada", time: 1, checksum: 1, operation };
    const [outcome] = await store.append([{ document, epoch, operations: [stored] }]);
    process.stdout.write(`${document} ${version} ${outcome}\n`);
  }
}
