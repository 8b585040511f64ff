import { DEFAULT_PROTECTION } from "../protection/defaults.js";
import { bytes, duration, integer, type Kind } from "./kind.js";
import { settingsOfGroup } from "./setting-group.js";

const count: Kind<number> = integer(1, 1_000_000_000);
const size: Kind<number> = bytes(1000, 1_000_000_000_000);
/** A wait may take half as long again as was foreseen, and a client gives a connection 15 seconds for its answer. */
const LONGEST_ADMISSION_WAIT = 9000;
const time: Kind<number> = duration(1, 86_400_000);

/** Every number of the protection. */
export const PROTECTION_SETTINGS = settingsOfGroup(
  "protection",
  "TUTTI_PROTECT_",
  { ...DEFAULT_PROTECTION },
  {
    operationsPerConnection: { kind: count, meaning: "Operations of one connection in one second." },
    operationsPerUser: { kind: count, meaning: "Operations of one person, over all connections, in one second." },
    operationsPerUserBurst: { kind: count, meaning: "Operations of one person in five seconds." },
    operationsPerUserSustained: { kind: count, meaning: "Operations of one person in one minute." },
    operationsPerDocument: {
      kind: count,
      meaning: "Operations on one document, by everybody together, in one second.",
    },
    framesPerSecond: { kind: count, meaning: "Frames of one connection in one second, whatever they hold." },
    framesBurst: { kind: count, meaning: "Frames of one connection that may come at once after a quiet time." },
    bytesPerSecond: {
      kind: size,
      meaning: "Bytes of one person, over all connections, in one second, whatever they hold.",
    },
    bytesBurst: { kind: size, meaning: "Bytes of one person that may come at once after a quiet time." },
    reportsPerUser: {
      kind: count,
      meaning: "Reports of divergence of one person in one minute that are logged; more are forgotten.",
    },
    wishesPerUser: { kind: count, meaning: "Wishes and decisions about places of one person in one minute." },
    offencesUntilSuspension: {
      kind: count,
      meaning: "Seconds with an offence, within a minute, after which somebody is suspended.",
    },
    suspension: { kind: time, meaning: "First suspension; each one after it is twice as long." },
    longestSuspension: { kind: time, meaning: "Longest suspension." },
    suspensionMemory: {
      kind: time,
      meaning: "Time after the end of a suspension in which another one still counts as a repetition.",
    },
    connections: { kind: count, meaning: "Connections open at once, of everybody." },
    connectionsPerUser: { kind: count, meaning: "Connections open at once of one person." },
    connectionsPerAddress: {
      kind: count,
      meaning: "Connections open at once from one address that is not this machine.",
    },
    newConnectionsPerAddress: {
      kind: count,
      meaning: "New connections in one minute from one address that is not this machine.",
    },
    newDocumentsPerUser: { kind: count, meaning: "New documents of one person in one hour." },
    documentsPerUser: {
      kind: count,
      meaning: "Documents that one person made and that are still kept, those in the trash included.",
    },
    admissionsPerSecond: {
      kind: count,
      meaning: "Connections that are let in in one second, while more of them come.",
    },
    admissionsBurst: { kind: count, meaning: "Connections that may be let in at once after a quiet time." },
    admissionsAtOnce: {
      kind: count,
      meaning: "Connections that were let in and do not have their first document yet; the next ones wait.",
    },
    admissionWait: {
      kind: duration(1, LONGEST_ADMISSION_WAIT),
      meaning: "Longest foreseen wait in the queue; whoever is behind that is told when to come again.",
    },
    reservedSlots: { kind: count, meaning: "Slots that are reserved at once for those who were turned away." },
    slotGrace: { kind: time, meaning: "Time after its moment for which a slot is kept." },
    loadsAtOnce: { kind: count, meaning: "Documents that are read from storage at once." },
    loadQueue: { kind: count, meaning: "Documents that wait for being read; beyond it, opening is refused for now." },
    receivingBytes: {
      kind: size,
      meaning: "Memory for large frames received at once, of all connections; each takes three times its size.",
    },
    smallFrameBytes: {
      kind: size,
      meaning: "Bytes of a frame beyond which it counts as large and waits for its turn to be received.",
    },
    largeBytesPerSecond: {
      kind: size,
      meaning: "Bytes of large frames that are received in one second, of all connections, while more of them wait.",
    },
    largeBytesBurst: { kind: size, meaning: "Bytes of large frames that may come at once after a quiet time." },
    queuedBytes: {
      kind: size,
      meaning: "Bytes of operations that are admitted or waiting and not durable yet, on all documents.",
    },
    memoryBytes: { kind: size, meaning: "Bytes of JavaScript memory at which nothing new is let in." },
    idleDocuments: {
      kind: count,
      meaning: "Documents that nobody has open and that stay in memory for whoever comes back.",
    },
    idleDocumentBytes: { kind: size, meaning: "Bytes of these together, about; those used longest ago go first." },
    idleDocumentTime: { kind: time, meaning: "Time that one of these stays at most." },
    documentQueue: {
      kind: count,
      meaning: "Operations on one document that are admitted or waiting and not durable yet.",
    },
    documentWindow: {
      kind: count,
      meaning: "Of these, how many are on their way to storage before others wait for their turn.",
    },
    storageQueue: { kind: count, meaning: "Operations that are not durable yet, on all documents." },
    sampleInterval: { kind: time, meaning: "Time between two looks at the state of the server." },
    slowCommit: { kind: time, meaning: "A commit that takes so long counts as slow storage (level 1)." },
    failuresUntilReadOnly: {
      kind: count,
      meaning: "Failed commits in a row after which documents are read-only (level 3).",
    },
    eventLoopLag: { kind: time, meaning: "Median delay of tasks at which nothing new is let in." },
    calm: { kind: time, meaning: "Time of calm before a level or a stage of shedding is left, one step at a time." },
    probeInterval: {
      kind: time,
      meaning: "Time between two edits that are let through in read-only mode to find out whether storage is back.",
    },
    retryAfter: {
      kind: time,
      meaning: "Shortest time that somebody who is turned away is asked to wait; the longest is ten times that.",
    },
    pace: { kind: time, meaning: "Time that clients leave between two operations when they are asked to slow down." },
  },
);
