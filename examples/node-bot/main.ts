// Takes part in a document: whoever writes "/count" gets the number of words so far in its place.
// Usage: node main.js [id of a document]
import { type DocumentHandle, TuttiClient } from "@tutti/client";
import { createDocument, guestToken } from "../guest.js";

const COMMAND = "/count";

function answer(doc: DocumentHandle): void {
  const text = doc.text();
  const at = text.indexOf(COMMAND);
  if (at < 0) return;
  const words = text.slice(0, at).match(/\S+/g)?.length ?? 0;
  // One edit, so that nobody sees half of it and one undo takes it back.
  doc.edit([{ retain: at }, { insert: `${words}` }, { delete: COMMAND.length }]);
}

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Bot");
const id = process.argv[2] ?? (await createDocument(url, token, "Talk to the bot", "plain"));

const client = new TuttiClient({ url, token });
const doc = client.open(id);
await doc.ready;
doc.on("change", ({ origin }) => origin === "remote" && answer(doc));
console.log(`listening in ${id}`);

process.once("SIGTERM", async () => {
  await doc.saved();
  client.close();
});
