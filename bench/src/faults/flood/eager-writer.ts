import { grouped } from "../../replay/figures.js";
import { auditTokens, tokenOf } from "../kill/tokens.js";
import { RawClient } from "./raw-client.js";
import type { Findings, Scenario, Stage } from "./scenario.js";

const OPERATIONS = 20_000;
/** The flood is over after so long, even if not everything was answered. */
const LONGEST = 60_000;

/** Somebody who sends thousands of operations at once without waiting, all made on the empty document. */
async function neverWait({ server, api, token, document }: Stage): Promise<Findings> {
  const client = await RawClient.enter(server.url, token, "127.0.1.1");
  await client.open(document, "eager");
  for (let sequence = 1; sequence <= OPERATIONS; sequence += 1) {
    const operation = [{ insert: tokenOf(0, sequence) }];
    client.say({ type: "submit", document, sequence, version: 0, operation });
  }
  const tired = new Promise<void>((resolve) => setTimeout(resolve, LONGEST).unref());
  const last = client.heard(({ type, sequence }) => type === "rejected" && sequence === OPERATIONS);
  const all = committedUpTo(client, OPERATIONS);
  await Promise.race([client.closed, last, all, tired]);
  const refusals = new Set(client.messages.flatMap(({ error }) => (error as { code: string } | undefined)?.code ?? []));
  client.end();
  const { version, text } = await api.content(token, document);
  const { found, missing, doubled, strange } = auditTokens(text, new Map([[0, version]]));
  return {
    notes: [`${grouped(version)} of ${grouped(OPERATIONS)} committed; told: ${[...refusals].join(", ") || "nothing"}`],
    problems: found === version && missing.length + doubled.length + strange.length === 0 ? [] : ["edits are missing"],
  };
}

async function committedUpTo(client: RawClient, version: number): Promise<void> {
  await client.heard(({ type, version: first, changes }) => {
    if (type !== "committed" || !Array.isArray(changes)) return false;
    return Number(first) + changes.length - 1 >= version;
  });
}

export const EAGER_WRITER: Scenario = {
  name: "never-waits",
  description: `${grouped(OPERATIONS)} operations on version 0, sent at once`,
  memory: 600_000_000,
  others: 100,
  rounds: 1,
  run: neverWait,
};
