import { isInsert, type Operation } from "@tutti/ot";
import { type Committed, type DownMessage, type Role, TuttiError, type User } from "@tutti/protocol";
import type { Participant } from "../delivery/participant.js";
import type { SharedMessage } from "../delivery/shared-message.js";
import type { Documents } from "../documents/documents.js";

/** What is to be committed, by whom, and under which name. */
export interface Restoration {
  readonly document: string;
  /** Made on `version`. */
  readonly operation: Operation;
  readonly version: number;
  readonly client: string;
  readonly user: User;
  readonly role: Role;
  /** Longest text of one insert, in UTF-16 units (L2). */
  readonly insertLength: number;
}

/** The only sequence that the client of a restoration ever uses. */
const SEQUENCE = 1;

/**
 * Commits an operation the way everybody's are committed, by an author who comes for that and leaves again (L4).
 * @returns the version that it made; of the first time, where it was committed before
 * @throws TuttiError as a submission is rejected with; `shutting_down` when the document was closed meanwhile
 */
export async function commitRestoration(restoration: Restoration, documents: Documents): Promise<number> {
  const { document, version, operation, insertLength } = restoration;
  const actor = await documents.open(document);
  const author = new Restorer(restoration);
  try {
    await actor.join(author, { version, content: false }, () => []);
    await actor.submit(author, { sequence: SEQUENCE, version, operation: inParts(operation, insertLength) });
    return await author.committed;
  } finally {
    actor.leave(author);
    documents.release(document);
  }
}

/** The author of one restoration, for as long as it takes. Nobody sees it: it is in the document, not in its presence. */
class Restorer implements Participant {
  readonly client: string;
  readonly user: User;
  readonly role: Role;
  readonly place = "editing";
  readonly attends = false;
  readonly introduction = {};
  readonly pieces = true;
  readonly hasRoom = true;
  /** The version of the operation, when it is durable. */
  readonly committed: Promise<number>;
  #resolve: (version: number) => void = () => {};
  #reject: (error: TuttiError) => void = () => {};

  constructor({ client, user, role }: Pick<Restoration, "client" | "user" | "role">) {
    this.client = client;
    this.user = user;
    this.role = role;
    this.committed = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Nobody may be listening yet when the document is closed.
    this.committed.catch(() => {});
  }

  send({ message }: SharedMessage): void {
    this.#take(message);
  }

  #take(message: DownMessage): void {
    if (message.type === "rejected" || message.type === "closed") this.#reject(TuttiError.fromData(message.error));
    else if (message.type === "acknowledged") this.#resolve(message.version);
    else if (message.type === "committed") {
      const version = versionIn(message, this.client);
      if (version !== undefined) this.#resolve(version);
    }
  }
}

/** Which version of a message is a client's; undefined: none. */
function versionIn({ version, changes }: Omit<Committed, "document">, client: string): number | undefined {
  let reached = version;
  for (const { client: author, versions = 1 } of changes) {
    if (author === client && versions === 1) return reached;
    reached += versions;
  }
  return undefined;
}

/** The same operation with texts cut, between characters, to what one insert may hold. */
export function inParts(operation: Operation, longest: number): Operation {
  return operation.flatMap((part) => {
    if (!isInsert(part) || typeof part.insert !== "string" || part.insert.length <= longest) return [part];
    return cut(part.insert, longest).map((insert) => ({ ...part, insert }));
  });
}

function cut(text: string, longest: number): readonly string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = Math.min(text.length, from + longest);
    const tears = end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
    const to = tears && end - 1 > from ? end - 1 : end;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}
