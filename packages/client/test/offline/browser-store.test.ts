import { VirtualClock } from "@tutti/testkit";
import { systemClock, systemRandom } from "../../src/environment.js";
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BrowserStore } from "../../src/offline/browser/browser-store.js";
import { offlineStoreContract } from "./offline-store-contract.js";

/** Web Locks as browsers have them, for as many tabs as there are in the test. */
class FakeLocks {
  readonly #held = new Set<string>();

  async request<T>(
    name: string,
    _options: { readonly ifAvailable: true },
    act: (lock: object | null) => Promise<T> | undefined,
  ): Promise<T | undefined> {
    await Promise.resolve();
    if (this.#held.has(name)) return act(null);
    this.#held.add(name);
    try {
      return await act({ name });
    } finally {
      this.#held.delete(name);
    }
  }
}

/** Tabs of different tests must not hear each other. */
let person = 0;
const tab = (): BrowserStore => new BrowserStore(`person ${person}`, systemClock, systemRandom);

beforeEach(() => {
  person += 1;
  vi.stubGlobal("indexedDB", new IDBFactory());
});
afterEach(() => vi.unstubAllGlobals());

describe("with Web Locks", () => {
  beforeEach(() => void vi.stubGlobal("navigator", { locks: new FakeLocks() }));
  offlineStoreContract("a browser", async () => ({ tab, clear: async () => undefined }));
});

describe("without Web Locks", () => {
  beforeEach(() => void vi.stubGlobal("navigator", {}));
  offlineStoreContract("a browser", async () => ({ tab, clear: async () => undefined }));

  it("gives a journal that two tabs want at the same time to one of them", async () => {
    const journal = await tab().create("d", "c");
    await journal.compact(Uint8Array.of(1));
    journal.release();
    for (let round = 0; round < 3; round += 1) {
      const claims = await Promise.all([tab(), tab(), tab()].map((store) => store.claim("d")));
      const held = claims.filter((claim) => claim !== undefined);
      expect(held).toHaveLength(1);
      held[0]?.release();
    }
  });
});

describe("a browser that stores nothing", () => {
  const store = (): BrowserStore => new BrowserStore("ann", new VirtualClock(), systemRandom);

  it.each([
    ["has no IndexedDB", undefined, "refused"],
    ["refuses it (private windows)", refusing("SecurityError"), "refused"],
    ["refuses it in its own way", refusing("InvalidStateError"), "refused"],
    ["has no room", refusing("QuotaExceededError"), "full"],
    ["fails", refusing("UnknownError"), "failed"],
  ])("because it %s says so", async (_name, factory, code) => {
    vi.stubGlobal("indexedDB", factory);
    vi.stubGlobal("navigator", { locks: new FakeLocks() });
    await expect(store().claim("d")).rejects.toMatchObject({ name: "OfflineStoreError", code });
    await expect(store().create("d", "c")).rejects.toMatchObject({ code });
  });

  it("because it can't keep tabs apart says so", async () => {
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("BroadcastChannel", undefined);
    await expect(store().create("d", "c")).rejects.toMatchObject({ code: "refused" });
  });
});

/** An IndexedDB of which no database can be opened. */
function refusing(name: string) {
  return {
    open() {
      const request = { error: new DOMException("no", name), onerror: () => undefined };
      queueMicrotask(() => request.onerror());
      return request;
    },
  };
}
