// A plain text that several people edit: open the page twice.
import { createDocument, guestToken } from "../guest.js";

const url = location.origin;
const token = await guestToken(url, prompt("Your name") || "Somebody");
const id = location.hash.slice(1) || (await createDocument(url, token, "Plain text", "plain"));
location.hash = id;
const element = document.body;

// #region codemirror
import { EditorView } from "@codemirror/view";
import { tuttiState } from "@tutti/binding-codemirror";
import { TuttiClient } from "@tutti/client";

const client = new TuttiClient({ url, token });
const doc = client.open(id);
await doc.ready;
new EditorView({ parent: element, state: tuttiState(doc) });
// #endregion
