import type { DocumentHandle, Status } from "@tutti/client";
import { type ClientFactory, realClient } from "../src/index.js";

/** The real client, whose documents have these members instead of their own. */
function withDocuments(change: (handle: DocumentHandle) => Partial<DocumentHandle>): ClientFactory {
  return (options) => {
    const client = realClient(options);
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
