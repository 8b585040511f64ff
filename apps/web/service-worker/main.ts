/**
 * The app without a network (C3): all files of a build are stored when it is first met, and every page is answered from
 * there, at once. A new build is stored beside the old one and waits until the person takes it (`src/offline/app-updates.ts`),
 * or until no tab of the old one is left; so a tab never runs half of two builds.
 */
import { dropOldBuilds, fill, stored } from "./precache.js";
import { fileFor } from "./routes.js";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(fill()));

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldBuilds().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});

self.addEventListener("fetch", (event) => {
  const file = fileFor(event.request, self.location.origin);
  if (file !== undefined) event.respondWith(answer(file, event.request));
});

async function answer(file: string, request: Request): Promise<Response> {
  // The browser may have thrown the storage away.
  return (await stored(file)) ?? fetch(request);
}
