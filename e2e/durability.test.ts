import { runKillCampaign } from "@tutti/bench";
import { TuttiClient } from "@tutti/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ServerProcess } from "./server-process.js";

/** The small sister of `npm run faults:kill`. */
const CAMPAIGN = { kills: 5, writers: 5, documents: 2, processes: 1, seed: 1, auditEvery: 2, pause: 10 };

describe("kill -9", { timeout: 120_000 }, () => {
  it(`${CAMPAIGN.kills} times under ${CAMPAIGN.writers} writers: no acknowledged edit missing, none doubled`, async () => {
    const report = await runKillCampaign(CAMPAIGN);
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ kills: CAMPAIGN.kills, missing: 0, doubled: 0, strange: 0 });
    expect(report.acknowledged).toBeGreaterThan(CAMPAIGN.kills * CAMPAIGN.writers);
    expect(report.replicas).toBeGreaterThan(CAMPAIGN.writers);
  });
});

describe("real processes", { timeout: 120_000 }, () => {
  const server = new ServerProcess();
  beforeAll(() => server.start());
  afterAll(() => server.dispose());

  it("SIGTERM: writes what is pending, says goodbye, exits with 0", async () => {
    const token = await server.signIn("Writer");
    const document = await server.createDocument(token, "rich");
    const client = new TuttiClient({ url: server.url, token, WebSocket });
    const handle = client.open(document);
    await handle.ready;
    handle.insert(0, "last words");
    await handle.saved();
    expect(await server.kill("SIGTERM")).toBe(0);
    await server.start();
    expect(await server.text(token, document)).toBe("last words");
    client.close();
  });
});
