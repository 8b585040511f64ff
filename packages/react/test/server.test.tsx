// @vitest-environment happy-dom
import { act } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { expect, it } from "vitest";
import { TuttiProvider, useDocument, usePresence, useStatus, useText } from "../src/index.js";
import { FakeClient, happens } from "./stage.js";

function Note() {
  const { phase, document } = useDocument("a");
  return <p>{`${phase}: ${useText(document)} (${useStatus(document)}, ${usePresence(document).length})`}</p>;
}

it("renders on a server without opening anything, and takes over in the browser", async () => {
  const client = new FakeClient();
  const page = (
    <TuttiProvider client={client}>
      <Note />
    </TuttiProvider>
  );
  const html = renderToString(page);
  expect([html, client.opened]).toEqual(["<p>opening:  (Syncing…, 0)</p>", []]);

  const element = document.body.appendChild(document.createElement("div"));
  element.innerHTML = html;
  const complaints: unknown[] = [];
  const root = await act(async () =>
    hydrateRoot(element, page, { onRecoverableError: (error) => complaints.push(error) }),
  );
  await happens(() => {
    client.document("a").insert(0, "hello");
    client.document("a").arrive();
  });
  expect([element.textContent, complaints]).toEqual(["ready: hello (Saved, 0)", []]);
  await act(async () => root.unmount());
});
