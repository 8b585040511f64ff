/** A signed-in person. */
export interface Session {
  readonly token: string;
  readonly user: { readonly id: string; readonly name: string };
}

/** Reads what `JSON.stringify(session)` wrote; null for anything else. */
export function parseSession(text: string | null): Session | null {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    return isSession(value) ? value : null;
  } catch {
    return null;
  }
}

/** Whether a value from outside has the shape of a session. */
export function isSession(value: unknown): value is Session {
  if (typeof value !== "object" || value === null || !("token" in value) || !("user" in value)) return false;
  const { token, user } = value;
  if (typeof token !== "string" || typeof user !== "object" || user === null) return false;
  return "id" in user && typeof user.id === "string" && "name" in user && typeof user.name === "string";
}
