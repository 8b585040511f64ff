import { parentPort, workerData } from "node:worker_threads";
import { packOperations } from "./packed-segment.js";
import { StoreError } from "./store.js";

/** Packs the operations it was started with, answers, and ends. */
function answer(): unknown {
  try {
    return { packed: packOperations(workerData) };
  } catch (error) {
    const code = error instanceof StoreError ? error.code : "unavailable";
    return { error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

parentPort?.postMessage(answer());
