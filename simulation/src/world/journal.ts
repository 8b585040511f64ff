import { crc32 } from "node:zlib";
import type { SeededRandom } from "@tutti/testkit";

/** What a disk writes at once or not at all, in bytes. */
const SECTOR = 512;
/** In front of each record: its length and its checksum, four bytes each. */
const HEAD = 8;

/**
 * A file that records are added to, as a machine keeps it: what was written is in memory only until it is synced. When
 * the power goes, any of the sectors that were not synced may have reached the disk, whatever the order they were
 * written in; the others are empty. Recovery takes the records up to the first one that is not whole.
 */
export class Journal {
  #synced: Uint8Array[] = [];
  #unsynced: Uint8Array[] = [];
  #lost = 0;

  /** Records written so far: what `synced` takes. */
  get written(): number {
    return this.#synced.length + this.#unsynced.length;
  }

  /** Records that survive whatever happens, oldest first. */
  get durable(): readonly Uint8Array[] {
    return this.#synced;
  }

  /** Records that were written, and lost with the power. */
  get lost(): number {
    return this.#lost;
  }

  write(record: Uint8Array): void {
    this.#unsynced.push(record);
  }

  /** The first `count` records are on the disk. @returns those that were not before */
  synced(count: number): readonly Uint8Array[] {
    const fresh = this.#unsynced.splice(0, Math.max(0, count - this.#synced.length));
    this.#synced.push(...fresh);
    return fresh;
  }

  /** The power goes and comes again. @returns the records that turn out to be there though they were never synced */
  losePower(random: SeededRandom): readonly Uint8Array[] {
    const tail = Buffer.concat(this.#unsynced.map(framed));
    const reached = random.pick([0, 0.5, 0.9, 1] as const);
    for (let start = 0; start < tail.length; start += SECTOR) {
      if (!random.chance(reached)) tail.fill(0, start, Math.min(start + SECTOR, tail.length));
    }
    const torn = random.chance(0.5) ? random.integer(tail.length) : tail.length;
    const survivors = wholeRecords(tail.subarray(0, torn));
    this.#lost += this.#unsynced.length - survivors.length;
    this.#unsynced = [];
    this.#synced.push(...survivors);
    return survivors;
  }
}

function framed(record: Uint8Array): Uint8Array {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(record.length, 0);
  head.writeUInt32LE(crc32(record), 4);
  return Buffer.concat([head, record]);
}

function wholeRecords(bytes: Buffer): readonly Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let start = 0; start + HEAD <= bytes.length; ) {
    const length = bytes.readUInt32LE(start);
    const record = bytes.subarray(start + HEAD, start + HEAD + length);
    // An empty sector is no record: nothing has the length 0.
    if (length === 0 || record.length < length || crc32(record) !== bytes.readUInt32LE(start + 4)) break;
    records.push(Uint8Array.from(record));
    start += HEAD + length;
  }
  return records;
}
