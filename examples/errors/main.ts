// What can go wrong, and where a program hears of it.
import { TuttiClient, TuttiError } from "@tutti/client";
import { createDocument, guestToken } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Ada");
const id = await createDocument(url, token, "All is well", "plain");
const client = new TuttiClient({ url, token });

// #region opening
const missing = client.open("no-such-document");
try {
  await missing.ready;
} catch (error) {
  if (!(error instanceof TuttiError)) throw error;
  console.log(error.code, error.retry); // not_found false
}
// #endregion

const doc = client.open(id);
await doc.ready;

// #region running
doc.on("error", ({ code, message, retry }) => {
  // retry: it mends itself, a notice is enough. Otherwise something has to be done, and the text is still in doc.text().
  console.log(code, message, retry);
});
// #endregion

// #region editing
try {
  doc.delete(0, 5); // the document is empty
} catch (error) {
  console.log(error instanceof Error && error.name); // OperationError; nothing has changed
}
// #endregion

// #region saving
doc.insert(0, "important");
await doc.saved(); // rejects when it never will be; without network it waits
// #endregion
console.log(doc.status);
client.close();
