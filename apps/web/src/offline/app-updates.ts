import { notify } from "../notices/notice-store.js";

const SERVICE_WORKER = "/service-worker.js";
/** Between two looks for a new build, in milliseconds. */
const LOOK_AGAIN = 3_600_000;

/**
 * Keeps the app on this device, so that it opens without a network (C3). When the server has a new build the person is
 * told, and takes it when it suits them. Where there are no service workers the app works as any page does.
 */
export async function keepApp(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(SERVICE_WORKER);
    whenWaiting(registration, offerUpdate);
    lookForUpdates(registration);
  } catch {
    // Forbidden in this browser (private windows of some), or no network just now: without it, the network is needed.
  }
}

/** Calls back for every build that waits; not for the first one, which has nobody to wait for. */
function whenWaiting(registration: ServiceWorkerRegistration, tell: (waiting: ServiceWorker) => void): void {
  const isUpdate = () => navigator.serviceWorker.controller !== null;
  if (registration.waiting !== null && isUpdate()) tell(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && isUpdate()) tell(worker);
    });
  });
}

function offerUpdate(waiting: ServiceWorker): void {
  const takeOver = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take over");
  };
  notify({
    title: "There is a new version of Tutti",
    text: "It takes a moment. What you have written stays.",
    tone: "good",
    action: { label: "Load it", run: takeOver },
  });
}

/** A page that is open for days looks again whenever the person comes back to it. */
function lookForUpdates(registration: ServiceWorkerRegistration): void {
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - looked < LOOK_AGAIN) return;
    looked = Date.now();
    registration.update().catch(() => undefined);
  });
}
