// Two people in one document: each says where they are, and sees the other.
import { type DocumentHandle, type Person, TuttiClient } from "@tutti/client";
import { createDocument, guestToken } from "../guest.js";

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const token = await guestToken(url, "Ada");
const id = await createDocument(url, token, "Where are you?", "plain");
const ada = new TuttiClient({ url, token });
const grace = new TuttiClient({ url, token: () => guestToken(url, "Grace") });
const [doc, other] = [ada.open(id), grace.open(id)];
await Promise.all([doc.ready, other.ready]);

function describe({ user, cursor }: Person): string {
  return cursor === null ? `${user.name} is looking` : `${user.name} is at ${cursor.head}`;
}

/** Resolves when the other person is where we expect them. */
function seen(where: DocumentHandle, line: string): Promise<void> {
  return new Promise((resolve) => {
    const look = () => where.presence.others.map(describe).includes(line) && resolve();
    where.presence.on("change", look);
    look();
  });
}

// #region show
doc.presence.on("change", (others) => {
  for (const { user, colour, cursor } of others) console.log(user.name, colour, cursor?.head ?? "looking");
});
// #endregion

other.insert(0, "over here");
await other.saved();
// #region move
other.presence.setCursor({ anchor: 5, head: 9 }); // a selection, in UTF-16 units; null: only looking
// #endregion
await seen(doc, "Grace is at 9");

// #region people
for (const { user, tabs, activity, active } of doc.presence.people) {
  const seconds = Math.round((Date.now() - active) / 1000);
  console.log(`${user.name}, ${activity} in ${tabs.length} tab on a ${tabs[0]?.device}, ${seconds} s ago`);
}
// #endregion

doc.insert(0, "Grace? ");
await seen(doc, "Grace is at 16");
console.log(doc.presence.others.map(describe).join());
// #region visibility
other.presence.visibility = "hidden"; // or "anonymous", or "named"
// #endregion
ada.close();
grace.close();
