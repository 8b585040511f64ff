// Goes on writing in a document that was deleted meanwhile: the text is kept, and becomes a copy.
// Usage: TUTTI_TOKEN=… node main.js <id of a document that is known on this device> <text>
import { TuttiClient } from "@tutti/client";
import { folderStore } from "@tutti/client/node";
import { createDocument } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = process.env["TUTTI_TOKEN"] ?? "";
const folder = process.env["TUTTI_FOLDER"] ?? "./offline";
const [id = "", text = ""] = process.argv.slice(2);

const client = new TuttiClient({ url, token, offline: folderStore(folder) });
const doc = client.open(id);
await doc.ready; // from this device
doc.insert(doc.length, text);

const copied = new Promise<string>((resolve, reject) => {
  // #region conflict
  doc.on("conflict", (conflict) => {
    if (conflict === undefined) return; // it is over
    console.log(conflict.reason); // "deleted", "revoked", "refused" or "diverged"
    if (conflict.reason === "diverged") {
      conflict.merge(); // or show conflict.mine, conflict.theirs and conflict.merged, and ask
      return;
    }
    conflict
      .keepAsCopy(() => createDocument(url, token, "My copy", "plain"))
      .then((copy) => resolve(copy.text()), reject);
  });
  // #endregion
});
console.log(await copied);
client.close();
