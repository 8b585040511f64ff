// A server of your own signs a token for its user, and a client renews it.
import { SignJWT } from "jose";

// #region sign
/** Runs on your server, behind your login: the client never sees the secret. */
async function tokenFor(user: { readonly id: string; readonly name: string }, secret: string): Promise<string> {
  return new SignJWT({ name: user.name })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(user.id)
    .setAudience("tutti")
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
}
// #endregion

const url = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";
const secret = process.env["TUTTI_SECRET"] ?? "";
const yourServer = { token: () => tokenFor({ id: "ada@example.org", name: "Ada" }, secret) };

import { TuttiClient } from "@tutti/client";
import { createDocument } from "../guest.js";

// #region client
const client = new TuttiClient({ url, token: () => yourServer.token() });
// #endregion

const id = await createDocument(url, await yourServer.token(), "Signed in", "plain");
const doc = client.open(id);
await doc.ready;
doc.insert(0, "Ada was here");
await doc.saved();
console.log(doc.text());
client.close();

const stranger = new TuttiClient({ url, token: "forged" });
const closed = stranger.open(id);

// #region again
closed.on("error", async ({ code }) => {
  if (code !== "unauthenticated") return;
  // The session has ended: ask the person to sign in, then go on. Nothing that was typed is lost.
  stranger.setToken(await yourServer.token());
});
// #endregion

await new Promise<void>((resolve) => closed.on("status", (status) => status === "Saved" && resolve()));
console.log(`again: ${closed.text()}`);
stranger.close();
