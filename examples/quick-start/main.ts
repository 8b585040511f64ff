// Opens a new document, writes into it, and ends when everything is durable on the server.
import { createDocument, guestToken } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Ada");
const id = await createDocument(url, token, "First steps", "plain");

// #region node
import { TuttiClient } from "@tutti/client";

const client = new TuttiClient({ url, token });
const doc = client.open(id);
await doc.ready;

doc.on("change", ({ origin }) => console.log(`${origin}: ${doc.text()}`));
doc.insert(0, "Hello"); // shows at once
await doc.saved(); // resolves when it is durable on the server
client.close();
// #endregion
