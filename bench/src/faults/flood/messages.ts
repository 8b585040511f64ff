/** What the process of the bystander is started with. */
export interface BystanderOrder {
  readonly url: string;
  readonly token: string;
  readonly document: string;
  /** Between the end of one edit and the next, in milliseconds. */
  readonly pause: number;
  /** Of the process (`nice`). */
  readonly priority: number;
}

/** To the bystander: tell me, and forget, how long edits took since I asked last; or: write no more, be saved. */
export type ToBystander = { readonly type: "samples" } | { readonly type: "finish" };

/** From the bystander. The edit under way counts with the time that it has taken so far. */
export type FromBystander =
  | { readonly type: "ready" }
  | { readonly type: "samples"; readonly milliseconds: readonly number[] }
  | { readonly type: "finished"; readonly acknowledged: number };

/** What a process that sends junk is started with. */
export interface JunkOrder {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  /** Connections that are open at once. */
  readonly atOnce: number;
  readonly seed: number;
}

/** What became of the junk: how often each answer came ("closed 4429", "refused 429" …), and what nobody ended. */
export interface JunkAnswer {
  readonly endings: Readonly<Record<string, number>>;
  readonly frames: number;
}

/** What a process that holds the database's lock is started with. It says "held", and "released" at the end. */
export interface LockOrder {
  readonly file: string;
  readonly milliseconds: number;
}
export type FromLock = { readonly type: "held" } | { readonly type: "released" };
