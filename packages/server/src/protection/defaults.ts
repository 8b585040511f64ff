/**
 * Every number by which the server protects itself and people from one another. All are defaults that an operator can
 * change; docs/limits.md explains them. Flat and numeric, so that each one is a setting of its own.
 */
export interface Protection {
  // Rates (L1). Each holds in any window of its length, not only on average.
  /** Operations of one connection in one second. */
  readonly operationsPerConnection: number;
  /** Operations of one person, over all connections, in one second. */
  readonly operationsPerUser: number;
  /** Operations of one person in five seconds. */
  readonly operationsPerUserBurst: number;
  /** Operations of one person in one minute. */
  readonly operationsPerUserSustained: number;
  /** Operations on one document, by everybody together, in one second. */
  readonly operationsPerDocument: number;
  /** Frames of one connection in one second, whatever they hold. */
  readonly framesPerSecond: number;
  /** Frames of one connection that may come at once after a quiet time. */
  readonly framesBurst: number;
  /** Bytes of one person, over all connections, in one second, whatever they hold. */
  readonly bytesPerSecond: number;
  /** Bytes of one person that may come at once after a quiet time. */
  readonly bytesBurst: number;
  /** Reports of divergence of one person in one minute that are logged; more are forgotten (C6). */
  readonly reportsPerUser: number;
  /** Wishes and decisions about places of one person in one minute (S11). */
  readonly wishesPerUser: number;

  // Repeated offence (L1).
  /** Seconds with an offence, within a minute, after which somebody is suspended. */
  readonly offencesUntilSuspension: number;
  /** First suspension, in milliseconds; each one after it is twice as long. */
  readonly suspension: number;
  /** Longest suspension, in milliseconds. */
  readonly longestSuspension: number;
  /** Milliseconds after the end of a suspension in which another one still counts as a repetition. */
  readonly suspensionMemory: number;

  // Quotas (L3).
  /** Connections open at once, of everybody. */
  readonly connections: number;
  /** Connections open at once of one person. */
  readonly connectionsPerUser: number;
  /** Connections open at once from one address that is not this machine. */
  readonly connectionsPerAddress: number;
  /** New connections in one minute from one address that is not this machine. */
  readonly newConnectionsPerAddress: number;
  /** New documents of one person in one hour. */
  readonly newDocumentsPerUser: number;
  /** Documents that one person made and that are still kept, those in the trash included. */
  readonly documentsPerUser: number;

  // Admission (S10).
  /** Connections that are let in in one second, while more of them come. */
  readonly admissionsPerSecond: number;
  /** Connections that may be let in at once after a quiet time. */
  readonly admissionsBurst: number;
  /** Connections that were let in and do not have their first document yet; the next ones wait. */
  readonly admissionsAtOnce: number;
  /** Longest foreseen wait in the queue, in milliseconds: whoever is behind that is told when to come again. */
  readonly admissionWait: number;
  /** Slots that are reserved at once for those who were turned away. */
  readonly reservedSlots: number;
  /** Milliseconds after its time for which a slot is kept. */
  readonly slotGrace: number;
  /** Documents that are read from storage at once. */
  readonly loadsAtOnce: number;
  /** Documents that wait for being read. */
  readonly loadQueue: number;

  // Memory (S12).
  /** Bytes of memory for large frames that are received at once, of all connections; a frame takes three times its size. */
  readonly receivingBytes: number;
  /** Bytes of a frame beyond which it counts as large and waits for its turn to be received. */
  readonly smallFrameBytes: number;
  /** Bytes of large frames that are received in one second, of all connections, while more of them wait. */
  readonly largeBytesPerSecond: number;
  /** Bytes of large frames that may come at once after a quiet time. */
  readonly largeBytesBurst: number;
  /** Bytes of operations that are admitted or waiting and not durable yet, on all documents. */
  readonly queuedBytes: number;
  /** Bytes of JavaScript memory at which nothing new is let in. */
  readonly memoryBytes: number;
  /** Documents that nobody has open and that stay in memory for whoever comes back (S3). */
  readonly idleDocuments: number;
  /** Bytes of these together, about. */
  readonly idleDocumentBytes: number;
  /** Milliseconds that one of these stays at most. */
  readonly idleDocumentTime: number;

  // Queues (S7, S10).
  /** Operations on one document that are admitted or waiting and not durable yet. */
  readonly documentQueue: number;
  /** Of these, how many are on their way to storage before others wait for their turn. */
  readonly documentWindow: number;
  /** Operations that are not durable yet, on all documents. */
  readonly storageQueue: number;

  // Degradation (S8).
  /** Milliseconds between two looks at the state of the server. */
  readonly sampleInterval: number;
  /** Milliseconds of one commit from which storage counts as slow (level 1). */
  readonly slowCommit: number;
  /** Failed commits in a row after which documents are read-only (level 3). */
  readonly failuresUntilReadOnly: number;
  /** Median milliseconds that tasks come late at which nothing new is let in. */
  readonly eventLoopLag: number;
  /** Milliseconds of calm before a level or a stage of shedding is left, one step at a time. */
  readonly calm: number;
  /** Milliseconds between two edits that are let through in read-only mode to find out whether storage is back. */
  readonly probeInterval: number;
  /** Shortest time that somebody who is turned away is asked to wait, in milliseconds; the longest is ten times that. */
  readonly retryAfter: number;
  /** Milliseconds that clients leave between two operations when they are asked to slow down. */
  readonly pace: number;
}

export const DEFAULT_PROTECTION: Protection = {
  operationsPerConnection: 50,
  operationsPerUser: 100,
  operationsPerUserBurst: 500,
  operationsPerUserSustained: 1000,
  operationsPerDocument: 1000,
  framesPerSecond: 500,
  framesBurst: 2000,
  bytesPerSecond: 20_000_000,
  bytesBurst: 10_000_000,
  reportsPerUser: 10,
  wishesPerUser: 120,

  offencesUntilSuspension: 10,
  suspension: 30_000,
  longestSuspension: 900_000,
  suspensionMemory: 3_600_000,

  connections: 20_000,
  connectionsPerUser: 500,
  connectionsPerAddress: 1000,
  newConnectionsPerAddress: 3000,
  newDocumentsPerUser: 1000,
  documentsPerUser: 10_000,

  admissionsPerSecond: 400,
  admissionsBurst: 100,
  admissionsAtOnce: 100,
  admissionWait: 7000,
  reservedSlots: 20_000,
  slotGrace: 10_000,
  loadsAtOnce: 16,
  loadQueue: 5000,

  receivingBytes: 64_000_000,
  smallFrameBytes: 16_384,
  largeBytesPerSecond: 100_000_000,
  largeBytesBurst: 16_000_000,
  queuedBytes: 64_000_000,
  memoryBytes: 1_500_000_000,
  idleDocuments: 1000,
  idleDocumentBytes: 256_000_000,
  idleDocumentTime: 600_000,

  documentQueue: 1000,
  documentWindow: 200,
  storageQueue: 10_000,

  sampleInterval: 500,
  slowCommit: 1000,
  failuresUntilReadOnly: 3,
  eventLoopLag: 500,
  calm: 5000,
  probeInterval: 1000,
  retryAfter: 1000,
  pace: 500,
};
