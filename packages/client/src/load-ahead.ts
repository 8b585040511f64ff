import { loadPollingCode } from "./connection/polling/deferred.js";
import { loadOfflineCode } from "./offline/device.js";

/**
 * Loads all code now that is otherwise loaded when it is first needed: for storage on the device, for polling. For pages
 * that may have lost the network by then, and for tests in virtual time.
 */
export async function loadAhead(): Promise<void> {
  await Promise.all([loadOfflineCode(), loadPollingCode()]);
}
