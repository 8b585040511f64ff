import { fileURLToPath } from "node:url";
import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ServerProcess } from "../../e2e/server-process.js";
import { createContentCheck } from "../content-check/main.js";

const VARIABLE = "TUTTI_VANDALISM_CONTENT_CHECK";
const SPAM = "https://pills.example/1 ".repeat(5);

describe("the content check of the examples", () => {
  it("L4: flags one site again and again, and nothing else", () => {
    const { check } = createContentCheck();
    expect(check({ text: SPAM })).toBe("5 links to pills.example");
    expect(check({ text: "see https://a.example and https://b.example/x, https://c.example, https://d.example" })).toBe(
      undefined,
    );
    expect(check({ text: "no link at all" })).toBeUndefined();
  });
});

describe("the same in a real server", { timeout: 60_000 }, () => {
  const server = new ServerProcess();
  beforeAll(async () => {
    // As it is built, in a process of its own, as the guide says.
    process.env[VARIABLE] = fileURLToPath(new URL("../dist/content-check/main.js", import.meta.url));
    await server.start();
  });
  afterAll(async () => {
    delete process.env[VARIABLE];
    await server.dispose();
  });

  it("L4: what it flags is saved, and people who look for alerts find it", async () => {
    const token = await server.signIn("Ada");
    const id = await server.createDocument(token, "plain");
    const client = new TuttiClient({ url: server.url, token });
    const doc = client.open(id);
    await doc.ready;
    doc.insert(0, SPAM);
    await doc.saved();
    const headers = { authorization: `Bearer ${token}` };
    await vi.waitFor(
      async () => {
        const answer = await fetch(`${server.url}/v1/documents/${id}/alerts`, { headers });
        expect(await answer.json()).toMatchObject({
          alerts: [{ kind: "flagged", reason: "5 links to pills.example" }],
        });
      },
      { timeout: 20_000 },
    );
    client.close();
    expect(await server.text(token, id)).toBe(SPAM);
  });
});
