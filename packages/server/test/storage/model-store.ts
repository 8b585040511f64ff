import {
  type Append,
  type AppendOutcome,
  type ClientPosition,
  type DocumentRecord,
  type StoredOperation,
  type StoredSnapshot,
  StoreError,
} from "../../src/storage/store.js";

interface Model {
  record: DocumentRecord;
  epoch: number;
  log: StoredOperation[];
  snapshots: StoredSnapshot[];
}

/** The rules of a store, as plainly as they can be said: what the property test compares with. */
export class ModelStore {
  readonly #documents = new Map<string, Model>();

  ids(): readonly string[] {
    return [...this.#documents.keys()];
  }

  epoch(document: string): number {
    return this.#documents.get(document)?.epoch ?? 0;
  }

  createDocument(record: DocumentRecord): void {
    if (this.#documents.has(record.id)) throw new StoreError("exists", record.id);
    this.#documents.set(record.id, { record, epoch: 0, log: [], snapshots: [] });
  }

  renameDocument(id: string, title: string, time: number): boolean {
    const model = this.#documents.get(id);
    if (model === undefined) return false;
    model.record = { ...model.record, title, updatedAt: Math.max(model.record.updatedAt, time) };
    return true;
  }

  claim(document: string): number {
    const model = this.#existing(document);
    model.epoch += 1;
    return model.epoch;
  }

  append(appends: readonly Append[]): readonly AppendOutcome[] {
    return appends.map(({ document, epoch, operations }) => {
      const model = this.#documents.get(document);
      if (model === undefined) return "unknown_document";
      if (epoch < 1 || epoch !== model.epoch) return "fenced";
      const log = [...model.log, ...operations];
      const numbered = log.every(({ version }, index) => version === index + 1);
      if (!numbered || !onlyGrow(log)) return "conflict";
      model.log = log;
      return "stored";
    });
  }

  operations(document: string, after: number, upTo: number, limit: number): readonly StoredOperation[] {
    const log = this.#documents.get(document)?.log ?? [];
    return log.filter(({ version }) => after < version && version <= upTo).slice(0, limit);
  }

  version(document: string): number {
    return this.#documents.get(document)?.log.length ?? 0;
  }

  clientPosition(document: string, client: string): ClientPosition | undefined {
    const mine = (this.#documents.get(document)?.log ?? []).filter((stored) => stored.client === client);
    const [newest] = mine.sort((a, b) => b.sequence - a.sequence);
    return newest && { sequence: newest.sequence, version: newest.version, user: newest.user };
  }

  saveSnapshot(document: string, snapshot: StoredSnapshot): void {
    this.#existing(document).snapshots.push(snapshot);
  }

  snapshot(document: string, atMost: number): StoredSnapshot | undefined {
    const all = this.#documents.get(document)?.snapshots ?? [];
    return all.filter(({ version }) => version <= atMost).sort((a, b) => b.version - a.version)[0];
  }

  #existing(document: string): Model {
    const model = this.#documents.get(document);
    if (model === undefined) throw new StoreError("unknown_document", document);
    return model;
  }
}

/** Whether the sequences of each client do. */
const onlyGrow = (log: readonly StoredOperation[]): boolean =>
  log.every(({ client, sequence }, index) =>
    log.slice(0, index).every((before) => before.client !== client || before.sequence < sequence),
  );
