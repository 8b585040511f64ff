// Notes that several people take: open the page twice.
import { createRoot } from "react-dom/client";
import { createDocument, guestToken } from "../guest.js";
import { Bar } from "./bar.js";

const url = location.origin;
const token = await guestToken(url, prompt("Your name") || "Somebody");
const id = location.hash.slice(1) || (await createDocument(url, token, "Notes", "plain"));
location.hash = id;
const root = createRoot(document.body.appendChild(document.createElement("main")));

// #region react
import { TuttiClient } from "@tutti/client";
import { TuttiProvider, useDocument, useText } from "@tutti/react";

const client = new TuttiClient({ url, token });

function Notes() {
  const { phase, document } = useDocument(id);
  const add = (form: FormData) => document?.insert(document.length, `${form.get("note")}\n`);
  return (
    <form action={add}>
      <pre>{useText(document)}</pre>
      <input name="note" disabled={phase !== "ready"} />
    </form>
  );
}
// #endregion

// #region render
root.render(
  <TuttiProvider client={client}>
    <Notes />
    <Bar id={id} />
  </TuttiProvider>,
);
// #endregion
