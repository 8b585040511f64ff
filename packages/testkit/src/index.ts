/**
 * @tutti/testkit: the world outside, made of one seed: randomness, time, network, storage, and generators of documents
 * and operations. For tests and simulators only.
 */
export { concurrentOperations, consecutiveOperations, documents, operationsOn } from "./generators/arbitraries.js";
export { contentOf, insertedText, type Plan, realise, type Step, wholeCharacters } from "./generators/plan.js";
export { type OperationOptions, randomDocument, randomOperation } from "./generators/seeded.js";
export { LocalDocument, LocalPresence } from "./local-document.js";
export { LocalRoom } from "./local-room.js";
export { MemoryDisk, MemoryStore, type MemoryStoreFaults, type MemoryStoreSettings } from "./memory-store.js";
export { type LinkConditions, type Loss, SimulatedLink } from "./network/link.js";
export { type Acceptor, type HostConditions, SimulatedHost, SimulatedNetwork } from "./network/network.js";
export { type Latency, type Parcel, Wire } from "./network/wire.js";
export type { DeviceTab } from "./offline/device-tab.js";
export {
  DEVICE_STEPS,
  type DeviceConditions,
  type DeviceEvent,
  type DeviceStep,
  SimulatedDevice,
} from "./offline/simulated-device.js";
export type { StoredJournal } from "./offline/stored-journal.js";
export { OwnPostgres, type PostgresSettings } from "./own-postgres.js";
export { SeededRandom } from "./seeded-random.js";
export { TestAuthenticator, testToken } from "./test-authenticator.js";
export { type MortalClock, VirtualClock } from "./virtual-clock.js";
