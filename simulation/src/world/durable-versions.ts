import type { MemoryDisk } from "@tutti/testkit";

/** What the disk says of the versions that it holds; each of them is read once. */
export class DurableVersions {
  readonly #disk: MemoryDisk;
  readonly #checksums = new Map<string, number>();

  constructor(disk: MemoryDisk) {
    this.#disk = disk;
  }

  /** The newest version. */
  newest(document: string): number {
    return this.#disk.version(document);
  }

  /** The checksum of a version; undefined where there is no such version. */
  checksum(document: string, version: number): number | undefined {
    if (version === 0) return 0;
    if (version > this.#disk.version(document)) return undefined;
    const name = `${document} ${version}`;
    const known = this.#checksums.get(name) ?? this.#read(document, version);
    if (known !== undefined) this.#checksums.set(name, known);
    return known;
  }

  /** A version may come again as another one: a disk that lied has lost some. */
  forget(): void {
    this.#checksums.clear();
  }

  #read(document: string, version: number): number | undefined {
    return this.#disk.operations(document, version - 1, version, 1)[0]?.checksum;
  }
}
