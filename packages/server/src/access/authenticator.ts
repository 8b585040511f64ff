import type { User } from "@tutti/protocol";

/** Says who a token belongs to (A1). */
export interface Authenticator {
  /** @throws TuttiError `unauthenticated` when the token is missing, forged or expired */
  verify(token: string): Promise<User>;
}
