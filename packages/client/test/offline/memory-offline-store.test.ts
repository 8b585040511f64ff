import { MemoryOfflineStore } from "./memory-offline-store.js";
import { offlineStoreContract } from "./offline-store-contract.js";

offlineStoreContract("the memory of the tests", async () => {
  const memory = new MemoryOfflineStore();
  return { tab: () => memory.tab().store, clear: async () => undefined };
});
