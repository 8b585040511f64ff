import type { User } from "@tutti/protocol";

/** A person, and how long that is certain (A1). */
export interface Identity extends User {
  /** When the token expires, in milliseconds since 1970; left out: never. */
  readonly expires?: number;
}

/** Says who a token belongs to (A1). */
export interface Authenticator {
  /** @throws TuttiError `unauthenticated` when the token is missing, forged or expired */
  verify(token: string): Promise<Identity>;
}
