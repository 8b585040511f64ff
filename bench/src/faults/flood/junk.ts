import { grouped } from "../../replay/figures.js";
import { messageOf, startChild } from "../child.js";
import type { JunkAnswer, JunkOrder } from "./messages.js";
import type { Findings, Scenario, Stage } from "./scenario.js";

const CONNECTIONS = 10_000;
const AT_ONCE = 500;

/**
 * Opens so many connections from a process of its own and sends junk over each.
 * @returns how each of them ended
 */
export async function floodWithJunk(order: JunkOrder): Promise<JunkAnswer> {
  const child = startChild("flood/junk-process.js", order);
  return messageOf(child, (message: JunkAnswer): message is JunkAnswer => "endings" in message);
}

async function sendJunk({ server, api, token, document, seed }: Stage): Promise<Findings> {
  const order = { url: server.url, token, connections: CONNECTIONS, atOnce: AT_ONCE, seed };
  const { endings, frames } = await floodWithJunk(order);
  const { version } = await api.content(token, document);
  const counts = Object.entries(endings).map(([how, times]) => `${how} ${grouped(times)} ×`);
  return {
    notes: [`${grouped(frames)} junk frames over ${grouped(CONNECTIONS)} connections: ${counts.join(", ")}`],
    problems: version === 0 ? [] : ["junk was committed"],
  };
}

export const JUNK: Scenario = {
  name: "junk",
  description: `${grouped(CONNECTIONS)} connections' worth of junk frames, ${AT_ONCE} at once`,
  memory: 400_000_000,
  others: 100,
  rounds: 1,
  run: sendJunk,
};
