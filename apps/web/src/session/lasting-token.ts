import { renewSession } from "../api.js";
import type { Session } from "./session.js";
import { currentSession, setSession } from "./session-store.js";

/**
 * The token of a person, for the client, which asks before every connection and before the token ends. In the second half
 * of its life it is exchanged for a new one, so that whoever comes by once a month stays who they are.
 */
export async function lastingToken(session: Session): Promise<string> {
  const now = currentSession();
  const known = now?.user.id === session.user.id ? now : session;
  if (!isOld(known.token, Date.now())) return known.token;
  try {
    const renewed = await renewSession(known);
    // In the meantime they may have signed out.
    if (currentSession()?.user.id === renewed.user.id) setSession(renewed);
    return renewed.token;
  } catch {
    // Without a network, or where guests are not let in: it holds as long as it holds, and the server has the last word.
    return known.token;
  }
}

/** Whether less than half of a token's life is left; one that does not tell is never old. */
function isOld(token: string, now: number): boolean {
  const { iat, exp } = claimsOf(token);
  return typeof iat === "number" && typeof exp === "number" && now / 1000 > (iat + exp) / 2;
}

function claimsOf(token: string): { readonly iat?: unknown; readonly exp?: unknown } {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    return JSON.parse(atob(payload)) as { readonly iat?: unknown; readonly exp?: unknown };
  } catch {
    return {};
  }
}
