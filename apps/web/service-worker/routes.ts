import { isAppFile } from "./precache.js";

/** The server's own addresses. What people write and read is never cached here. */
const OF_THE_SERVER = /^\/(?:v1|healthz|readyz|metrics)(?:\/|$)/;
const PAGE = "/index.html";

/** The stored file that answers a request; undefined: the network answers. `origin`: of the app. */
export function fileFor({ method, mode, url }: Request, origin: string): string | undefined {
  const { origin: asked, pathname } = new URL(url);
  if (method !== "GET" || asked !== origin || OF_THE_SERVER.test(pathname)) return undefined;
  // Every page of the app is one file; its own code reads the address.
  if (mode === "navigate") return PAGE;
  return isAppFile(pathname) ? pathname : undefined;
}
