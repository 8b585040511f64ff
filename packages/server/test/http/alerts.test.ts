import { MemoryDisk, MemoryStore, SeededRandom } from "@tutti/testkit";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TokenAuthority } from "../../src/access/tokens.js";
import { systemClock, systemRandom } from "../../src/environment.js";
import { createApp } from "../../src/http/app.js";
import { silentLog } from "../../src/log.js";
import { createPrometheusObserver } from "../../src/metrics/prometheus.js";
import { createServer, type TuttiServer } from "../../src/server.js";
import { PAGE } from "../vandalism/given.js";

const authority = new TokenAuthority(new Uint8Array(32).fill(7), systemClock);
let store: MemoryStore;
let server: TuttiServer;
let app: FastifyInstance;

/** A server with a document "doc" of Ann's, of which Bob has deleted nine tenths. */
beforeEach(async () => {
  const clock = systemClock;
  store = new MemoryStore(new MemoryDisk(), { clock, random: new SeededRandom(1), latency: [0, 0] });
  const times = { createdAt: 1, updatedAt: 1, createdBy: "ann" };
  await store.createDocument({ id: "doc", title: "T", kind: "plain", identicalInserts: "keep", ...times });
  const metrics = createPrometheusObserver();
  const outside = { store, clock, random: systemRandom, log: silentLog, observer: metrics };
  server = createServer({ ...outside, authenticator: authority });
  const { documents, attendance, guard, vandalism } = server;
  const parts = { documents, attendance, guard, vandalism, authority, metrics };
  app = await createApp({ ...outside, ...parts, guests: true, webRoot: "none" });
  await commit("ann", 0, [{ insert: PAGE }]);
  await commit("bob", 1, [{ retain: 50 }, { delete: 900 }]);
});
afterEach(async () => {
  await app.close();
  await server.stop();
});

async function commit(user: string, version: number, operation: readonly unknown[]): Promise<void> {
  const actor = await server.documents.open("doc");
  const { promise, told } = answer();
  const person = { client: `${user}-1`, user: { id: user, name: user }, role: "editor", place: "editing" } as const;
  const author = { ...person, introduction: {}, attends: false, pieces: true, hasRoom: true, send: told };
  await actor.join(author, { version, content: false }, () => []);
  await actor.submit(author, { sequence: 1, version, operation });
  await promise;
  actor.leave(author);
}

/** Resolves when the commit is told. */
function answer() {
  let told: (shared: { readonly message: { readonly type: string } }) => void = () => {};
  const promise = new Promise<void>((resolve) => {
    told = ({ message }) => message.type === "committed" && resolve();
  });
  return { promise, told };
}

async function call(method: "GET" | "POST", url: string, user = "ann") {
  const authorization = `Bearer ${await authority.sign({ id: user, name: user })}`;
  return app.inject({ method, url: `/v1/documents/doc/alerts${url}`, headers: { authorization } });
}

const content = async (): Promise<string> => (await server.documents.contentAt("doc", undefined)).content.text();

describe("alerts over HTTP", () => {
  it("L4: are settled by a call without a body, whatever its header says of one", async () => {
    const authorization = `Bearer ${await authority.sign({ id: "ann", name: "ann" })}`;
    const headers = { authorization, "content-type": "application/json" };
    const response = await app.inject({ method: "POST", url: "/v1/documents/doc/alerts/2/restore", headers, body: "" });
    expect([response.statusCode, await content()]).toEqual([200, PAGE]);
    const broken = await app.inject({ method: "POST", url: "/v1/documents", headers, body: "{" });
    expect([broken.statusCode, broken.json().error.code]).toEqual([400, "invalid_request"]);
    const missing = await app.inject({ method: "POST", url: "/v1/documents", headers, body: "" });
    expect([missing.statusCode, missing.json().error.code]).toEqual([400, "invalid_request"]);
  });

  it("L4: are listed, restored in one call, and settled then; a second call changes nothing", async () => {
    const alert = { version: 2, kind: "mass_deletion", user: { id: "bob", name: "bob" }, removed: 900, length: 1000 };
    const listed = await call("GET", "");
    expect(listed.json()).toEqual({ alerts: [{ ...alert, time: expect.any(Number) }] });
    for (const user of ["cem", "bob"]) {
      const restored = await call("POST", "/2/restore", user);
      expect([restored.statusCode, restored.json()]).toMatchObject([
        200,
        { ...alert, settled: { how: "restored", by: "cem", version: 3 } },
      ]);
    }
    expect(await content()).toBe(PAGE);
    expect((await call("GET", "")).json()).toMatchObject({ alerts: [{ version: 2, settled: { how: "restored" } }] });
    expect((await app.inject({ url: "/metrics" })).body).toContain('tutti_alerts_total{kind="mass_deletion"} 1');
  });

  it("L4: are dismissed by somebody else than who caused them", async () => {
    const own = await call("POST", "/2/dismiss", "bob");
    expect([own.statusCode, own.json().error.code]).toEqual([403, "forbidden"]);
    expect((await call("POST", "/2/dismiss", "cem")).json()).toMatchObject({
      settled: { how: "dismissed", by: "cem" },
    });
    expect(await content()).toHaveLength(100);
    // Whoever thinks better of it can still have the text back.
    expect((await call("POST", "/2/restore", "cem")).json()).toMatchObject({ settled: { how: "restored" } });
    expect(await content()).toBe(PAGE);
  });

  it("L4, A2: are for who may edit", async () => {
    for (const role of ["viewer", "commenter"]) {
      await store.setRole("doc", "vic", role);
      for (const [method, url] of [
        ["GET", ""],
        ["POST", "/2/restore"],
        ["POST", "/2/dismiss"],
      ] as const) {
        const refused = await call(method, url, "vic");
        expect([refused.statusCode, refused.json().error.code]).toEqual([403, "forbidden"]);
      }
    }
    expect((await app.inject({ url: "/v1/documents/doc/alerts" })).statusCode).toBe(401);
  });

  it("S11: are for who is named, where the owner names who edits", async () => {
    await server.documents.moderate("doc", true);
    expect((await call("POST", "/2/restore", "cem")).json().error.code).toBe("forbidden");
    await store.setRole("doc", "cem", "editor");
    expect((await call("POST", "/2/restore", "cem")).statusCode).toBe(200);
  });

  const WRONG = [
    ["/9/restore", 404, "not_found"],
    ["/9/dismiss", 404, "not_found"],
    ["/two/restore", 400, "invalid_request"],
    ["/-1/dismiss", 400, "invalid_request"],
  ] as const;
  for (const [url, status, code] of WRONG) {
    it(`refuses ${url} with ${code}`, async () => {
      const refused = await call("POST", url);
      expect([refused.statusCode, refused.json().error.code]).toEqual([status, code]);
    });
  }

  it("of a document that is in the trash, or not there, are not found", async () => {
    await server.documents.trash("doc", "ann");
    expect((await call("GET", "")).json().error.code).toBe("not_found");
    expect((await call("POST", "/2/restore")).json().error.code).toBe("not_found");
  });
});
