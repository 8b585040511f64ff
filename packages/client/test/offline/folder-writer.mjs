// Run by folder-store.test.ts as a process of its own, from what is built.
import { FolderStore } from "../../dist/offline/folder/folder-store.js";

const journal = await new FolderStore(process.argv[2]).create("d", "c");
await journal.compact(new Uint8Array([1]));
for (let count = 1; ; count += 1) {
  const entry = new Uint8Array(4);
  new DataView(entry.buffer).setUint32(0, count, true);
  await journal.append([entry]);
  process.send(count);
}
