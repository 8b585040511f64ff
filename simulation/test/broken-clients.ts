import type { DocumentHandle, Status } from "@tutti/client";
import type { Journal, OfflineStore } from "@tutti/client/offline";
import { type ClientFactory, realClient } from "../src/index.js";

/** The real client, whose documents have these members instead of their own. */
function withDocuments(change: (handle: DocumentHandle) => Partial<DocumentHandle>): ClientFactory {
  return (options, store) => {
    const client = realClient(options, store);
    return {
      open: (id) => changed(client.open(id), change),
      on: (event, listener) => client.on(event, listener),
      setToken: (token) => client.setToken(token),
      close: () => client.close(),
    };
  };
}

function changed(handle: DocumentHandle, change: (handle: DocumentHandle) => Partial<DocumentHandle>): DocumentHandle {
  return new Proxy(handle, {
    get(target, name) {
      // Asked anew each time, so that a change may depend on how the document is.
      const replaced = change(target)[name as keyof DocumentHandle];
      if (replaced !== undefined) return replaced;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Says one thing where another one is the case. */
export const says = (instead: Status, when: Status): ClientFactory =>
  withDocuments(({ status }) => (status === when ? { status: instead } : {}));

/** Says "saved" of what is on its way. */
export const savesTooEarly = withDocuments(() => ({ saved: async () => undefined }));

/** The real client, whose journals do this instead of what they should. */
function withJournals(change: (journal: Journal) => Partial<Journal>): ClientFactory {
  const broken = (journal: Journal): Journal => ({
    document: journal.document,
    client: journal.client,
    read: () => journal.read(),
    append: (entries) => journal.append(entries),
    compact: (snapshot) => journal.compact(snapshot),
    delete: () => journal.delete(),
    release: () => journal.release(),
    ...change(journal),
  });
  const around = (store: OfflineStore): OfflineStore => ({
    claim: async (document) => {
      const journal = await store.claim(document);
      return journal && broken(journal);
    },
    peek: (document) => store.peek(document),
    create: async (document, client) => broken(await store.create(document, client)),
    documents: () => store.documents(),
  });
  return (options, store) => realClient(options, store && around(store));
}

/** Does not wait until what it will send is durable on the device. */
export const sendsTooEarly = withJournals((journal) => ({
  append: async (entries) => void journal.append(entries).catch(() => undefined),
}));

/** Forgets the end of what it has written down, and so which sequence it used last. */
export const forgetsTheEnd = withJournals((journal) => ({
  read: async () => {
    const { snapshot, entries } = await journal.read();
    return { snapshot, entries: entries.slice(0, -2) };
  },
}));

/** Loses now and then what it should write down. */
export function losesEntries(): ClientFactory {
  let count = 0;
  return withJournals((journal) => ({
    append: async (entries) => {
      count += 1;
      if (count % 20 !== 0) await journal.append(entries);
    },
  }));
}

/** Throws what is left of an earlier tab away instead of bringing it to the server. */
export const throwsAway = withJournals((journal) => ({
  read: async () => ({ snapshot: (await journal.read()).snapshot, entries: [] }),
}));
