import { isLoopback } from "../config.js";

/**
 * Whether a request was meant for this machine by name: its `Host` is a loopback address. A server that lets guests in
 * answers no other name, because a foreign page can point a name of its own at loopback (DNS rebinding).
 *
 * @param host the header, with or without port
 */
export function namesLoopback(host: string | undefined): boolean {
  const name = (host ?? "").replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return isLoopback(name);
}
