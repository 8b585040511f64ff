/** What a device offers to keep what is typed offline; a copy of the client's interface until that is here. */
export interface OfflineStore {
  claim(document: string): Promise<Journal | undefined>;
  create(document: string, client: string): Promise<Journal>;
  documents(): Promise<readonly string[]>;
}

export interface Journal {
  readonly document: string;
  readonly client: string;
  read(): Promise<{ readonly snapshot: Uint8Array | undefined; readonly entries: readonly Uint8Array[] }>;
  append(entries: readonly Uint8Array[]): Promise<void>;
  compact(snapshot: Uint8Array): Promise<void>;
  delete(): Promise<void>;
  release(): void;
}

export class OfflineStoreError extends Error {
  readonly code: "refused" | "full" | "damaged" | "failed";

  constructor(code: OfflineStoreError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
