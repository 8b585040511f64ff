// Adds a line to a document, with or without network; what could not be sent is sent by the next run.
// Usage: TUTTI_TOKEN=… node main.js <id of a document> <text>
import { TuttiClient } from "@tutti/client";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = process.env["TUTTI_TOKEN"] ?? "";
const folder = process.env["TUTTI_FOLDER"] ?? "./offline";
const [id = "", text = ""] = process.argv.slice(2);

// #region node
import { folderStore } from "@tutti/client/node";

const client = new TuttiClient({ url, token, offline: folderStore(folder) });
// #endregion

// #region offline
const doc = client.open(id);
await doc.ready; // without network: as it was before
doc.insert(doc.length, text);
await doc.persisted(); // durable on this device
console.log(doc.stored, doc.text());
// #endregion

const offline = new Promise<string>((resolve) => {
  const look = () => doc.status === "Working offline" && resolve("sent the next time");
  doc.on("status", look);
  look();
});
console.log(await Promise.race([offline, doc.saved().then(() => "saved")]));
client.close();
