// Undo takes back what I did, and nothing that others did.
import { type DocumentHandle, TuttiClient } from "@tutti/client";
import { createDocument, guestToken } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Ada");
const id = await createDocument(url, token, "Mine and yours", "plain");
const [ada, grace] = [new TuttiClient({ url, token }), new TuttiClient({ url, token: () => guestToken(url, "Grace") })];
const [doc, other] = [ada.open(id), grace.open(id)];
await Promise.all([doc.ready, other.ready]);

function shows(where: DocumentHandle, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => where.text() === text && resolve();
    where.on("change", look);
    look();
  });
}

doc.insert(0, "mine ");
await shows(other, "mine ");
other.insert(0, "yours ");
await shows(doc, "yours mine ");

// #region undo
doc.undo(); // false when there is nothing to undo
console.log(doc.text()); // "yours "
doc.redo();
console.log(doc.text()); // "yours mine "
// #endregion

// #region steps
doc.edit([{ retain: doc.length }, { insert: "one" }], { undo: "separate" });
doc.edit([{ retain: doc.length }, { insert: " two" }], { undo: "merge" }); // the same step as the edit before
doc.edit([{ retain: doc.length }, { insert: " three" }], { undo: "separate" }); // a step of its own
doc.undo();
console.log(doc.text()); // "yours mine one two"
// #endregion

await doc.saved();
ada.close();
grace.close();
