import type { JournalContent } from "@tutti/client/offline";
import type { DeviceTab } from "./device-tab.js";

/** A journal as it is on a device: all of it is durable. */
export class StoredJournal {
  readonly document: string;
  readonly client: string;
  snapshot: Uint8Array | undefined;
  entries: readonly Uint8Array[] = [];
  /** The tab that holds it; undefined: anybody may claim it. */
  holder: DeviceTab | undefined;
  /** Something could not be written: whoever held it then knows more than it does. */
  failed = false;
  /** Grows with every write on the device. */
  touched: number;

  constructor(document: string, client: string, holder: DeviceTab, touched: number) {
    this.document = document;
    this.client = client;
    this.holder = holder;
    this.touched = touched;
  }

  /** As a reader gets it, who may do with it what they like. */
  copy(): JournalContent {
    return { snapshot: this.snapshot?.slice(), entries: this.entries.map((entry) => entry.slice()) };
  }

  /** Everything in it, oldest first. */
  get contents(): readonly Uint8Array[] {
    return this.snapshot === undefined ? this.entries : [this.snapshot, ...this.entries];
  }
}
