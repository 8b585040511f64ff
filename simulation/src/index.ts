/** @tutti/simulation: whole systems, the real client and the real server, run under one seed with faults. */

export { type ReplayOptions, replayConcurrently } from "./replay/concurrent-replay.js";
export { type KillMoment, killMoments } from "./replay/kill-moments.js";
export { applyPatches } from "./replay/patches.js";
export type { ReplayResult } from "./replay/performance.js";
export { type Patch, parseRecording, type RecordedEdit, type Recording, RecordingError } from "./replay/recording.js";
export { Scheduler, type Step } from "./replay/scheduler.js";
export { type Outcome, type SimulationSettings, simulate } from "./simulate.js";
export { type Surroundings, type Typist, typeAgainstEachOther } from "./typists.js";
export { type ClientFactory, realClient, type SimulatedClient } from "./world/client-factory.js";
export { type DocumentPlan, type Fault, NO_FAULTS, type OfflinePlan, type Plan } from "./world/plan.js";
export type { ServerFactory } from "./world/server-process.js";
export { describe, type TraceEvent } from "./world/trace.js";
export type { Violation } from "./world/violation.js";
