import { type Clock, TuttiError, type User } from "@tutti/protocol";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Authenticator, Identity } from "./authenticator.js";

const ALGORITHM = "HS256";
/** Milliseconds: 30 days. */
const LIFETIME = 30 * 24 * 60 * 60 * 1000;
const AUDIENCE = "tutti";

/** Signed tokens (JWT, RFC 7519; HMAC-SHA-256 with a shared secret). `sub` is the person's id, `name` their name. */
export class TokenAuthority implements Authenticator {
  readonly #secret: Uint8Array;
  readonly #clock: Clock;

  constructor(secret: Uint8Array, clock: Clock) {
    this.#secret = secret;
    this.#clock = clock;
  }

  /** @param lifetime milliseconds until it expires, counted in whole seconds; left out: 30 days */
  async sign(user: User, lifetime = LIFETIME): Promise<string> {
    return new SignJWT({ name: user.name })
      .setProtectedHeader({ alg: ALGORITHM })
      .setSubject(user.id)
      .setAudience(AUDIENCE)
      .setIssuedAt(new Date(this.#clock.now()))
      .setExpirationTime(new Date(this.#clock.now() + lifetime))
      .sign(this.#secret);
  }

  async verify(token: string): Promise<Identity> {
    const { sub, name, exp } = await this.#claims(token);
    if (typeof sub !== "string" || sub === "" || typeof name !== "string" || name === "") {
      throw new TuttiError("unauthenticated", "the token names nobody");
    }
    return { id: sub, name, ...(exp === undefined ? undefined : { expires: exp * 1000 }) };
  }

  async #claims(token: string): Promise<JWTPayload> {
    try {
      const options = { algorithms: [ALGORITHM], audience: AUDIENCE, currentDate: new Date(this.#clock.now()) };
      return (await jwtVerify(token, this.#secret, options)).payload;
    } catch (error) {
      const expired = error instanceof errors.JWTExpired;
      throw new TuttiError("unauthenticated", expired ? "the token has expired" : "the token is not valid");
    }
  }
}
