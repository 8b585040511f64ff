// @vitest-environment happy-dom
import { StrictMode } from "react";
import { describe, expect, it } from "vitest";
import { type DocumentState, TuttiProvider, useDocument } from "../src/index.js";
import { FakeClient, happens, Stage } from "./stage.js";

function Phase({ id, seen }: { readonly id: string; readonly seen?: DocumentState[] }) {
  const state = useDocument(id);
  seen?.push(state);
  return <p>{state.phase} </p>;
}

describe("useDocument", () => {
  it("opens a document and says when it is ready", async () => {
    const [client, stage] = [new FakeClient(), new Stage()];
    const seen: DocumentState[] = [];
    await stage.show(
      <TuttiProvider client={client}>
        <Phase id="a" seen={seen} />
      </TuttiProvider>,
    );
    expect(seen).toEqual([
      { phase: "opening", document: undefined },
      { phase: "opening", document: client.document("a") },
    ]);
    await happens(() => client.document("a").arrive());
    expect(seen.slice(2)).toEqual([{ phase: "ready", document: client.document("a") }]);
  });

  it("shares one handle, and closes it when the last component has left", async () => {
    const [client, stage] = [new FakeClient(), new Stage()];
    const page = (count: number) => (
      <TuttiProvider client={client}>
        {["first", "second"].slice(0, count).map((key) => (
          <Phase key={key} id="a" />
        ))}
      </TuttiProvider>
    );
    await stage.show(page(2));
    expect(client.opened).toHaveLength(1);
    await stage.show(page(1));
    expect(client.document("a").closes).toBe(0);
    await stage.show(page(0));
    expect(client.document("a").closes).toBe(1);
    await stage.show(page(1));
    expect(client.opened).toHaveLength(2);
  });

  it("shares it across providers of one client", async () => {
    const client = new FakeClient();
    const [one, other] = [new Stage(), new Stage()];
    const page = (
      <TuttiProvider client={client}>
        <Phase id="a" />
      </TuttiProvider>
    );
    await one.show(page);
    await other.show(page);
    await one.leave();
    expect([client.opened.length, client.document("a").closes]).toEqual([1, 0]);
    await other.leave();
    expect(client.document("a").closes).toBe(1);
  });

  it("neither closes nor opens again when StrictMode unmounts and mounts", async () => {
    const [client, stage] = [new FakeClient(), new Stage()];
    await stage.show(
      <StrictMode>
        <TuttiProvider client={client}>
          <Phase id="a" />
          <Phase id="a" />
        </TuttiProvider>
      </StrictMode>,
    );
    await happens(() => client.document("a").arrive());
    expect(stage.text).toBe("ready ready ");
    expect([client.opened.length, client.document("a").closes]).toEqual([1, 0]);
    await stage.leave();
    expect([client.opened.length, client.document("a").closes]).toEqual([1, 1]);
  });

  it("stays open where one component takes over from another", async () => {
    const [client, stage] = [new FakeClient(), new Stage()];
    const page = (key: string) => (
      <TuttiProvider client={client}>
        <Phase key={key} id="a" />
      </TuttiProvider>
    );
    await stage.show(page("one"));
    await happens(() => client.document("a").arrive());
    await stage.show(page("another"));
    expect([client.opened.length, client.document("a").closes, stage.text]).toEqual([1, 0, "ready "]);
  });

  it("leaves one document for another when the id is another one", async () => {
    const [client, stage] = [new FakeClient(), new Stage()];
    const page = (id: string) => (
      <TuttiProvider client={client}>
        <Phase id={id} />
      </TuttiProvider>
    );
    await stage.show(page("a"));
    await happens(() => client.document("a").arrive());
    await stage.show(page("b"));
    expect([client.document("a").closes, client.document("b").closes, stage.text]).toEqual([1, 0, "opening "]);
    await happens(() => client.document("b").arrive());
    expect(stage.text).toBe("ready ");
  });

  it("opens with the new client when the client is another one", async () => {
    const [before, after, stage] = [new FakeClient(), new FakeClient(), new Stage()];
    const page = (client: FakeClient) => (
      <TuttiProvider client={client}>
        <Phase id="a" />
      </TuttiProvider>
    );
    await stage.show(page(before));
    await stage.show(page(after));
    expect([before.document("a").closes, after.document("a").closes]).toEqual([1, 0]);
  });

  it("says why a document cannot be opened, and tries again when a component asks anew", async () => {
    const [client, stage] = [new FakeClient(), new Stage()];
    const seen: DocumentState[] = [];
    const page = (
      <TuttiProvider client={client}>
        <Phase id="a" seen={seen} />
      </TuttiProvider>
    );
    await stage.show(page);
    const error = new Error("not_found");
    await happens(() => client.document("a").fail(error));
    expect(seen.at(-1)).toEqual({ phase: "failed", document: client.document("a"), error });
    await stage.leave();
    client.refusal = new Error("the client was closed");
    await stage.show(page);
    expect(seen.at(-1)).toEqual({ phase: "failed", document: undefined, error: client.refusal });
    await stage.leave();
    client.refusal = undefined;
    await stage.show(page);
    expect(seen.at(-1)?.phase).toBe("opening");
  });

  it("becomes ready after all when the person has signed in again", async () => {
    const [client, stage] = [new FakeClient(), new Stage()];
    await stage.show(
      <TuttiProvider client={client}>
        <Phase id="a" />
      </TuttiProvider>,
    );
    const document = client.document("a");
    await happens(() => document.fail(new Error("unauthenticated")));
    await happens(() => {
      document.status = "Changes may not be saved";
    });
    expect(stage.text).toBe("failed ");
    await happens(() => {
      document.again();
      document.status = "Syncing…";
    });
    await happens(() => document.arrive());
    expect([stage.text, client.opened.length]).toEqual(["ready ", 1]);
  });

  it("needs a provider", async () => {
    const stage = new Stage();
    await expect(stage.show(<Phase id="a" />)).rejects.toThrow("this hook needs a TuttiProvider above it");
  });
});
