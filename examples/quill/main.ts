// A rich text in Quill that several people edit: open the page twice.
import { createDocument, guestToken } from "../guest.js";

const url = location.origin;
const token = await guestToken(url, prompt("Your name") || "Somebody");
const id = location.hash.slice(1) || (await createDocument(url, token, "Rich text", "rich"));
location.hash = id;
const element = document.body.appendChild(document.createElement("div"));

// #region quill
import { bindQuill } from "@tutti/binding-quill";
import "@tutti/binding-quill/style.css";
import { TuttiClient } from "@tutti/client";
import Quill from "quill";
import "quill/dist/quill.snow.css";

const client = new TuttiClient({ url, token });
const doc = client.open(id);
await doc.ready;
bindQuill(new Quill(element, { theme: "snow" }), doc);
// #endregion
