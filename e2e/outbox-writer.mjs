// Run by outbox.test.ts as a process of its own: goes on counting in a document, line by line, whatever happened to the
// process before; tells each number that is durable on this machine. With "finish" it only saves what is left.
import { TuttiClient } from "@tutti/client";
import { folderStore } from "@tutti/client/node";

const [, , url, token, id, folder, mode] = process.argv;
const client = new TuttiClient({ url, token, offline: folderStore(folder) });
const document = client.open(id);
await document.ready;
if (mode === "finish") {
  await document.saved();
  process.exit(0);
}
const numbers = document.text().match(/\d+/g) ?? [];
for (let next = Math.max(0, ...numbers.map(Number)) + 1; ; next += 1) {
  document.insert(document.length, `${next}\n`);
  await document.persisted();
  if (!document.stored) process.exit(1);
  process.send(next);
  await new Promise((resolve) => setTimeout(resolve, 3));
}
