// The owner says who edits: the other one views, asks, writes.
import { type DocumentEvents, type DocumentHandle, TuttiClient } from "@tutti/client";
import { createDocument, guestToken } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Ada");
const id = await createDocument(url, token, "A lecture", "plain");
const ada = new TuttiClient({ url, token });
const grace = new TuttiClient({ url, token: () => guestToken(url, "Grace") });
const [owner, doc] = [ada.open(id), grace.open(id)];
await Promise.all([owner.ready, doc.ready]);

type Place = DocumentEvents["attendance"]["place"];

/** Resolves when the server has given this place. */
function placed(where: DocumentHandle, place: Place): Promise<void> {
  return new Promise((resolve) => {
    const look = () => where.attendance?.place === place && resolve();
    where.on("attendance", look);
    look();
  });
}

// #region place
doc.on("attendance", ({ mode, place, people, editors, places, line }) => {
  console.log(`${mode}: ${people} here, ${editors} of ${places} edit; I am ${place}`, line ?? "");
});
// #endregion

// #region decide
owner.on("attendance", ({ asking }) => {
  for (const person of asking) owner.decide(person.id, true);
});
// #endregion
await placed(doc, "editing");
// #region moderate
owner.moderate(true); // from now on, I alone say who edits
// #endregion
await placed(doc, "viewing");

// #region ask
doc.askToEdit();
// #endregion
await placed(doc, "editing");
doc.insert(0, "A question");
await doc.saved();
console.log(`written: ${doc.text()}`);
ada.close();
grace.close();
