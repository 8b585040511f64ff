import { componentLength, compose, isInsert, isNoop, type Operation, transform } from "@tutti/ot";
import type { Replica } from "../document/replica.js";

/** How far what is too large for one message has got (C9). */
export interface UploadProgress {
  /** UTF-16 units. */
  readonly total: number;
  /** Units of it that are durable on the server. */
  readonly sent: number;
}

interface Upload {
  progress: UploadProgress;
  /** Takes all of it back, on what the person sees now. */
  inverse: Operation;
  /** The edit, counted as `Replica.edits`, with which it ends. */
  readonly edits: number;
  /** It is that edit alone. */
  readonly single: boolean;
  /** Of the replica, when the progress was looked at. */
  sequence: number;
}

/**
 * Follows what travels in chunks: a large paste shows at once, and `splitOperation` brings it to the server piece by
 * piece, between which others go on editing (C9). Large pastes that follow one another are one upload.
 */
export class Uploads {
  readonly #replica: Replica;
  readonly #changed: (progress: UploadProgress | undefined) => void;
  #upload: Upload | undefined;

  /** @param changed told whenever `progress` changes */
  constructor(replica: Replica, changed: (progress: UploadProgress | undefined) => void) {
    this.#replica = replica;
    this.#changed = changed;
  }

  get progress(): UploadProgress | undefined {
    return this.#upload?.progress;
  }

  /** The person made an edit; it is in the replica. @param chunk units of text that go into one message */
  edited(operation: Operation, inverse: () => Operation, chunk: number): void {
    const units = insertedUnits(operation);
    if (units <= chunk) {
      this.moved(operation);
      return;
    }
    const { edits, sequence } = this.#replica;
    const before = this.#upload;
    const { total, sent } = before?.progress ?? { total: 0, sent: 0 };
    this.#upload = {
      progress: { total: total + units, sent },
      inverse: before === undefined ? inverse() : compose(inverse(), before.inverse),
      edits,
      single: before === undefined,
      sequence,
    };
    this.#changed(this.progress);
  }

  /** What the person sees changed by something else. */
  moved(operation: Operation): void {
    if (this.#upload === undefined) return;
    this.#upload.inverse = transform(operation, this.#upload.inverse, "before", "keep");
  }

  /** To be called after every event: looks how far it has got. */
  settled(): void {
    const upload = this.#upload;
    if (upload === undefined) return;
    const { savedEdits, sequence, pending } = this.#replica;
    if (savedEdits >= upload.edits || isNoop(upload.inverse)) {
      this.#end();
    } else if (sequence !== upload.sequence) {
      upload.sequence = sequence;
      const { total, sent } = upload.progress;
      const left = pending.reduce((sum, operation) => sum + insertedUnits(operation), 0);
      // What is typed meanwhile is pending too, and no step back.
      upload.progress = { total, sent: Math.max(sent, total - left) };
      this.#changed(upload.progress);
    }
  }

  /**
   * Gives the upload up.
   * @returns what takes all of it back, sent or not, and whether it is the person's last edit; undefined: there is none
   */
  cancel(): { readonly inverse: Operation; readonly last: boolean } | undefined {
    const upload = this.#upload;
    if (upload === undefined) return undefined;
    this.#end();
    return { inverse: upload.inverse, last: upload.single && upload.edits === this.#replica.edits };
  }

  #end(): void {
    this.#upload = undefined;
    this.#changed(undefined);
  }
}

const insertedUnits = (operation: Operation): number =>
  operation.reduce((sum, part) => sum + (isInsert(part) ? componentLength(part) : 0), 0);
