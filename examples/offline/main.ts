// Edits outlive the program that made them: typed without a network, sent by the next one.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TuttiClient } from "@tutti/client";
import { createDocument, guestToken } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Ada");
const id = await createDocument(url, token, "On the train", "plain");
const folder = await mkdtemp(join(tmpdir(), "tutti-offline-"));

// #region node
import { folderStore } from "@tutti/client/node";

const client = new TuttiClient({ url, token, offline: folderStore(folder) });
// #endregion
const doc = client.open(id);
await doc.ready;
doc.insert(0, "at the station, ");
await doc.saved();
client.close();

const nowhere = "http://127.0.0.1:9"; // nobody listens there
const train = new TuttiClient({ url: nowhere, token, offline: folderStore(folder) });
// #region offline
const known = train.open(id);
await known.ready; // without network: what was there before
known.insert(known.length, "on the train");
await known.persisted(); // durable on this device
console.log(known.unsaved, known.stored); // 1 true
// #endregion
train.close();

const home = new TuttiClient({ url, token, offline: folderStore(folder) });
const later = home.open(id);
await later.ready;
await later.saved();
console.log(later.text());
home.close();
await rm(folder, { recursive: true });
