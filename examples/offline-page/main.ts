// A page that goes on without network, and after it was closed: the next time it sends what is left.
import { EditorView } from "@codemirror/view";
import { tuttiState } from "@tutti/binding-codemirror";
import { TuttiClient } from "@tutti/client";
import { createDocument, guestToken } from "../guest.js";

const url = location.origin;
// The same person as the last time: nobody else may send what they left behind.
const token = localStorage.getItem("token") ?? (await guestToken(url, prompt("Your name") || "Somebody"));
localStorage.setItem("token", token);
const id = location.hash.slice(1) || (await createDocument(url, token, "Also on the train", "plain"));
location.hash = id;

// #region browser
import { browserStore } from "@tutti/client/offline";

const offline = browserStore({ name: url }); // one name for each person and server
const client = new TuttiClient({ url, token, offline });
// #endregion

const doc = client.open(id);
await doc.ready;
new EditorView({ parent: document.body, state: tuttiState(doc) });

// #region kept
const kept = document.createElement("output");
document.body.append(kept);
let edits = 0;
doc.on("change", () => {
  edits += 1;
  const edit = edits;
  kept.value = "Writing…";
  void doc.persisted().then(() => {
    if (edit === edits) kept.value = doc.stored ? "Kept on this device" : "In memory only";
  });
});
// #endregion

// #region leaving
addEventListener("beforeunload", (event) => {
  // Without storage (a private window, say) what is not sent yet would be gone with the page.
  if (doc.unsaved > 0 && !doc.stored) event.preventDefault();
});
// #endregion
