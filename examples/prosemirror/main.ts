// A rich text that several people edit: open the page twice.
import { createDocument, guestToken } from "../guest.js";

const url = location.origin;
const token = await guestToken(url, prompt("Your name") || "Somebody");
const id = location.hash.slice(1) || (await createDocument(url, token, "Rich text", "rich"));
location.hash = id;
const element = document.body;

// #region prosemirror
import { tuttiEditing, tuttiState } from "@tutti/binding-prosemirror";
import "@tutti/binding-prosemirror/style.css";
import { TuttiClient } from "@tutti/client";
import { EditorView } from "prosemirror-view";

const client = new TuttiClient({ url, token });
const doc = client.open(id);
await doc.ready;
new EditorView(element, { state: tuttiState(doc, tuttiEditing()) });
// #endregion
