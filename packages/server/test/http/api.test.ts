import { MemoryDisk, MemoryStore, SeededRandom } from "@tutti/testkit";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TokenAuthority } from "../../src/access/tokens.js";
import { systemClock, systemRandom } from "../../src/environment.js";
import { createApp } from "../../src/http/app.js";
import { silentLog } from "../../src/log.js";
import { createPrometheusObserver } from "../../src/metrics/prometheus.js";
import { createServer, type ServerEnvironment } from "../../src/server.js";

/** A clock that stands still, so that expiry can be tested. */
const fixedClock = (now: number) => ({ ...systemClock, now: () => now });
const SECRET = new Uint8Array(32).fill(7);
const NOW = Date.UTC(2026, 0, 1);

let app: FastifyInstance;

async function start(guests: boolean, protection: ServerEnvironment["protection"] = {}): Promise<FastifyInstance> {
  const clock = fixedClock(NOW);
  const store = new MemoryStore(new MemoryDisk(), { clock, random: new SeededRandom(1), latency: [0, 0] });
  const authority = new TokenAuthority(SECRET, clock);
  const outside = { store, clock, random: systemRandom, log: silentLog };
  const server = createServer({ ...outside, authenticator: authority, protection });
  const { documents, attendance, guard, vandalism } = server;
  const parts = { documents, attendance, guard, vandalism, authority, guests, metrics: createPrometheusObserver() };
  return createApp({ ...outside, ...parts, webRoot: "nowhere" });
}

beforeEach(async () => {
  app = await start(true);
});
afterEach(() => app.close());

async function signIn(name = "Ada"): Promise<{ authorization: string }> {
  const response = await app.inject({ method: "POST", url: "/v1/sessions", payload: { name } });
  return { authorization: `Bearer ${response.json().token}` };
}

describe("how many documents one person may have (L3)", () => {
  it("more are refused, for a longer time than by the rate; others still may", async () => {
    const limited = await start(true, { documentsPerUser: 2 });
    const person = async (name: string) => {
      const { token } = (await limited.inject({ method: "POST", url: "/v1/sessions", payload: { name } })).json();
      const headers = { authorization: `Bearer ${token}` };
      return () =>
        limited.inject({ method: "POST", url: "/v1/documents", headers, payload: { title: "x", type: "rich" } });
    };
    const [ada, bob] = [await person("Ada"), await person("Bob")];
    const refused = [await ada(), await ada(), await ada()][2];
    expect([refused?.statusCode, refused?.json().error.code]).toEqual([429, "quota_exceeded"]);
    expect(refused?.headers["retry-after"]).toBe("86400");
    const list = await limited.inject({ method: "GET", url: "/v1/documents", headers: await signIn() });
    expect(list.json().documents).toHaveLength(2);
    expect((await bob()).statusCode).toBe(201);
    await limited.close();
  });
});

describe("sessions", () => {
  it("A1: a guest stays the same person with a new token; nobody gets one for a token that does not hold", async () => {
    const payload = { name: "Ada" };
    const first = (await app.inject({ method: "POST", url: "/v1/sessions", payload })).json();
    const renew = (on: FastifyInstance, token: string) =>
      on.inject({ method: "POST", url: "/v1/sessions/renewal", headers: { authorization: `Bearer ${token}` } });
    const renewed = await renew(app, first.token);
    expect([renewed.statusCode, renewed.json().user]).toEqual([201, first.user]);
    const authority = new TokenAuthority(SECRET, fixedClock(NOW));
    expect(await authority.verify(renewed.json().token)).toMatchObject(first.user);
    const expired = await new TokenAuthority(SECRET, fixedClock(NOW - 60_000)).sign(first.user, 30_000);
    expect((await renew(app, expired)).json().error.code).toBe("unauthenticated");
    const closed = await start(false);
    expect((await renew(closed, first.token)).json().error.code).toBe("forbidden");
    await closed.close();
  });

  it("a guest signs in by name; white space is folded", async () => {
    const response = await app.inject({ method: "POST", url: "/v1/sessions", payload: { name: "  Ada \t Lovelace " } });
    expect(response.statusCode).toBe(201);
    expect(response.json().user).toMatchObject({ name: "Ada Lovelace" });
  });

  for (const name of ["", "   ", "a\u0000b", "x".repeat(81), 7, null]) {
    it(`refuses the name ${JSON.stringify(name)?.slice(0, 20)}`, async () => {
      const response = await app.inject({ method: "POST", url: "/v1/sessions", payload: { name } });
      expect(response.statusCode).toBe(400);
      expect(response.json().error.code).toBe("invalid_request");
    });
  }

  it("guest sign-in is off where others can reach the server", async () => {
    const open = await start(false);
    const response = await open.inject({ method: "POST", url: "/v1/sessions", payload: { name: "Ada" } });
    expect([response.statusCode, response.json().error.code]).toEqual([403, "forbidden"]);
    await open.close();
  });

  it("A1: tokens expire, and those of another secret or algorithm are refused", async () => {
    const token = await new TokenAuthority(SECRET, fixedClock(NOW)).sign({ id: "u", name: "U" });
    const later = new TokenAuthority(SECRET, fixedClock(NOW + 31 * 86_400_000));
    await expect(later.verify(token)).rejects.toMatchObject({
      code: "unauthenticated",
      message: "the token has expired",
    });
    const other = new TokenAuthority(new Uint8Array(32).fill(8), fixedClock(NOW));
    await expect(other.verify(token)).rejects.toMatchObject({ code: "unauthenticated" });
    const [, claims] = token.split(".");
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`;
    await expect(new TokenAuthority(SECRET, fixedClock(NOW)).verify(unsigned)).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});

describe("documents", () => {
  it("are created, listed, read and renamed", async () => {
    const headers = await signIn();
    const created = await app.inject({
      method: "POST",
      url: "/v1/documents",
      headers,
      payload: { title: "Plan", type: "rich" },
    });
    expect(created.statusCode).toBe(201);
    const { id } = created.json();
    const renamed = await app.inject({
      method: "PATCH",
      url: `/v1/documents/${id}`,
      headers,
      payload: { title: "Plan B" },
    });
    expect(renamed.json()).toMatchObject({ id, title: "Plan B", type: "rich" });
    const list = await app.inject({ url: "/v1/documents", headers });
    expect(list.json().documents).toMatchObject([{ id, title: "Plan B" }]);
    const content = await app.inject({ url: `/v1/documents/${id}/content`, headers });
    expect(content.json()).toEqual({ version: 0, checksum: 0, content: [] });
  });

  it("S11: the owner alone switches moderated mode, which is stored and shown; titles are as before", async () => {
    const [owner, other] = [await signIn(), await signIn("Bob")];
    const created = await app.inject({
      method: "POST",
      url: "/v1/documents",
      headers: owner,
      payload: { title: "Plan", type: "rich" },
    });
    const { id, moderated } = created.json();
    expect(moderated).toBe(false);
    const url = `/v1/documents/${id}`;
    const patch = (headers: { authorization: string }, payload: object) =>
      app.inject({ method: "PATCH", url, headers, payload });
    expect((await patch(other, { moderated: true })).json().error.code).toBe("forbidden");
    expect((await patch(owner, { title: " ", moderated: true })).json().error.code).toBe("invalid_request");
    expect((await patch(owner, { moderated: "yes" })).json().error.message).toContain("moderated");
    expect((await app.inject({ url, headers: other })).json()).toMatchObject({ moderated: false });
    expect((await patch(owner, { moderated: true })).json()).toMatchObject({ title: "Plan", moderated: true });
    expect((await patch(other, { title: "Plan B" })).json()).toMatchObject({ title: "Plan B", moderated: true });
    expect((await patch(owner, { title: "C", moderated: false })).json()).toMatchObject({
      title: "C",
      moderated: false,
    });
    expect((await app.inject({ url, headers: other })).json()).toMatchObject({ title: "C", moderated: false });
  });

  it("E5: are created with what becomes of equal inserts, which renaming leaves alone", async () => {
    const headers = await signIn();
    const create = async (more: object) => {
      const payload = { title: "Plan", type: "plain", ...more };
      return (await app.inject({ method: "POST", url: "/v1/documents", headers, payload })).json();
    };
    expect(await create({})).toMatchObject({ identicalInserts: "merge" });
    expect(await create({ identicalInserts: "merge" })).toMatchObject({ identicalInserts: "merge" });
    const { id, identicalInserts } = await create({ identicalInserts: "keep" });
    expect(identicalInserts).toBe("keep");
    const url = `/v1/documents/${id}`;
    const payload = { title: "Plan B", identicalInserts: "merge" };
    expect((await app.inject({ method: "PATCH", url, headers, payload })).json()).toMatchObject({
      title: "Plan B",
      identicalInserts: "keep",
    });
    expect((await app.inject({ url, headers })).json()).toMatchObject({ identicalInserts: "keep" });
    const { documents } = (await app.inject({ url: "/v1/documents", headers })).json();
    expect(documents.map((listed: { identicalInserts: unknown }) => listed.identicalInserts).sort()).toEqual([
      "keep",
      "merge",
      "merge",
    ]);
  });

  for (const identicalInserts of ["both", "", "Keep", "toString", null, true, 1, ["keep"], {}]) {
    it(`E5: refuses identicalInserts ${JSON.stringify(identicalInserts)}`, async () => {
      const headers = await signIn();
      const payload = { title: "Plan", type: "plain", identicalInserts };
      const response = await app.inject({ method: "POST", url: "/v1/documents", headers, payload });
      expect([response.statusCode, response.json().error.code]).toEqual([400, "invalid_request"]);
      expect(response.json().error.message).toContain("identicalInserts");
    });
  }

  const REFUSED = [
    ["no title", "POST", "/v1/documents", { type: "rich" }, 400, "invalid_request"],
    ["an unknown type", "POST", "/v1/documents", { title: "x", type: "sheet" }, 400, "invalid_request"],
    ["a body that is not JSON", "POST", "/v1/documents", "{oops", 400, "invalid_request"],
    ["a huge body", "POST", "/v1/documents", { title: "x".repeat(100_000) }, 413, "frame_too_large"],
    ["an unknown document", "GET", "/v1/documents/nope", undefined, 404, "not_found"],
    ["renaming an unknown document", "PATCH", "/v1/documents/nope", { title: "x" }, 404, "not_found"],
    ["moderating an unknown document", "PATCH", "/v1/documents/nope", { moderated: true }, 404, "not_found"],
    ["the content of an unknown document", "GET", "/v1/documents/nope/content", undefined, 404, "not_found"],
    ["an unknown path", "GET", "/v1/nothing", undefined, 404, "not_found"],
  ] as const;
  for (const [name, method, url, payload, status, code] of REFUSED) {
    it(`refuses ${name} with ${code}`, async () => {
      const headers = { ...(await signIn()), ...(payload === undefined ? {} : { "content-type": "application/json" }) };
      const response = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
      expect([response.statusCode, response.json().error.code]).toEqual([status, code]);
    });
  }

  it("refuses a version that is no number, or from the future", async () => {
    const headers = await signIn();
    const created = await app.inject({
      method: "POST",
      url: "/v1/documents",
      headers,
      payload: { title: "x", type: "plain" },
    });
    const at = async (version: string) =>
      (await app.inject({ url: `/v1/documents/${created.json().id}/content?version=${version}`, headers })).json().error
        .code;
    expect([await at("two"), await at("-1"), await at("9")]).toEqual([
      "invalid_request",
      "invalid_request",
      "future_version",
    ]);
  });

  it("every call but sign-in, health and metrics wants a token", async () => {
    const calls = [
      ["GET", "/v1/documents"],
      ["POST", "/v1/documents"],
      ["GET", "/v1/documents/x"],
      ["PATCH", "/v1/documents/x"],
      ["GET", "/v1/documents/x/content"],
    ] as const;
    for (const [method, url] of calls) {
      const response = await app.inject({ method, url, ...(method === "GET" ? {} : { payload: {} }) });
      expect([url, response.statusCode]).toEqual([url, 401]);
    }
    expect((await app.inject({ url: "/healthz" })).json()).toMatchObject({ status: "ok", level: 0, shedding: 0 });
    expect((await app.inject({ url: "/metrics" })).body).toContain("tutti_operations_committed_total");
  });

  it("A5: a server that lets guests in answers to loopback names only (DNS rebinding)", async () => {
    const asked = async (host: string) => (await app.inject({ url: "/healthz", headers: { host } })).statusCode;
    expect(await Promise.all(["localhost:4400", "127.0.0.1", "[::1]:4400"].map(asked))).toEqual([200, 200, 200]);
    expect(await Promise.all(["evil.example:4400", "127.0.0.1.evil.example"].map(asked))).toEqual([403, 403]);
    const open = await start(false);
    expect((await open.inject({ url: "/healthz", headers: { host: "docs.example" } })).statusCode).toBe(200);
    await open.close();
  });

  it("A5: answers carry the security headers", async () => {
    const { headers } = await app.inject({ url: "/healthz" });
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });
});

describe("the trash and versions with names", () => {
  async function made(): Promise<{ headers: { authorization: string }; url: string }> {
    const headers = await signIn();
    const payload = { title: "Notes", type: "plain" };
    const { id } = (await app.inject({ method: "POST", url: "/v1/documents", headers, payload })).json();
    return { headers, url: `/v1/documents/${id}` };
  }

  it("H4: whoever made a document moves it to the trash and takes it out again; nobody else may", async () => {
    const { headers, url } = await made();
    const other = await app.inject({ method: "DELETE", url, headers: await signIn("Bob") });
    expect([other.statusCode, other.json().error.code]).toEqual([403, "forbidden"]);
    expect((await app.inject({ method: "DELETE", url, headers })).statusCode).toBe(204);
    expect((await app.inject({ method: "GET", url: `${url}/content`, headers })).statusCode).toBe(404);
    expect((await app.inject({ method: "GET", url, headers })).json().trashedAt).toBe(NOW);
    expect((await app.inject({ method: "GET", url: "/v1/documents", headers })).json().documents).toEqual([]);
    expect((await app.inject({ method: "DELETE", url, headers })).statusCode).toBe(404);
    const trash = { method: "GET", url: "/v1/documents?trashed=true" } as const;
    expect((await app.inject({ ...trash, headers })).json().documents).toMatchObject([{ title: "Notes" }]);
    expect((await app.inject({ ...trash, headers: await signIn("Bob") })).json().documents).toEqual([]);
    const mistyped = await app.inject({ ...trash, url: "/v1/documents?trashed=1", headers });
    expect(mistyped.json().error.code).toBe("invalid_request");
    const restored = await app.inject({ method: "POST", url: `${url}/restore`, headers });
    expect(restored.json()).not.toHaveProperty("trashedAt");
    expect((await app.inject({ method: "GET", url: `${url}/content`, headers })).statusCode).toBe(200);
  });

  it("H2: the newest version gets a name, once", async () => {
    const { headers, url } = await made();
    const name = (value: unknown) =>
      app.inject({ method: "POST", url: `${url}/versions`, headers, payload: { name: value } });
    const named = await name(" Draft ");
    expect([named.statusCode, named.json()]).toEqual([201, expect.objectContaining({ name: "Draft", version: 0 })]);
    expect((await name("Draft")).json().error.code).toBe("invalid_request");
    expect((await name("")).json().error.message).toMatch(/^name:/);
    const list = await app.inject({ method: "GET", url: `${url}/versions`, headers });
    expect(list.json().versions).toEqual([named.json()]);
    const unknown = await app.inject({ method: "GET", url: "/v1/documents/none/versions", headers });
    expect(unknown.statusCode).toBe(404);
  });
});
