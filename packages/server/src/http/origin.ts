import type { IncomingMessage } from "node:http";
import { TuttiError } from "@tutti/protocol";
import { namesLoopback } from "./host.js";

/**
 * A page of another origin may not use this server with somebody's browser (A5); programs send no Origin.
 * @param loopbackOnly answer to loopback names only
 * @throws TuttiError `forbidden`
 */
export function checkOrigin({ headers: { origin, host } }: IncomingMessage, loopbackOnly: boolean): void {
  if (loopbackOnly && !namesLoopback(host)) {
    throw new TuttiError("forbidden", "this server lets guests in, so it answers to loopback names only");
  }
  if (origin !== undefined && hostOf(origin) !== host) {
    throw new TuttiError("forbidden", "a page of another origin may not use this server");
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
