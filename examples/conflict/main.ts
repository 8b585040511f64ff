// A document was deleted while somebody without network went on writing: their text is kept, and they choose.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TuttiClient } from "@tutti/client";
import { folderStore } from "@tutti/client/node";
import { createDocument, guestToken } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Ada");
const id = await createDocument(url, token, "Soon gone", "plain");
const folder = await mkdtemp(join(tmpdir(), "tutti-conflict-"));

const before = new TuttiClient({ url, token, offline: folderStore(folder) });
const first = before.open(id);
await first.ready;
first.insert(0, "a plan");
await first.saved();
before.close();
await fetch(`${url}/v1/documents/${id}`, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });

const client = new TuttiClient({ url, token, offline: folderStore(folder) });
const doc = client.open(id);
await doc.ready; // from this device
doc.insert(doc.length, " and how to carry it out");

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
await rm(folder, { recursive: true });
