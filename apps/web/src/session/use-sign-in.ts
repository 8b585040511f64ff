import { useState } from "react";
import { startSession } from "../api.js";
import { ApiError } from "../api-error.js";
import { describeError } from "../notices/describe-error.js";
import { setSession } from "./session-store.js";

interface SignIn {
  readonly busy: boolean;
  /** Why the last try failed; null when it did not. */
  readonly error: string | null;
  submit(name: string): Promise<void>;
}

/** Signing in as a guest. It never rejects: what failed is in `error`. */
export function useSignIn(): SignIn {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (name: string) => {
    if (name.trim() === "") {
      setError("Please enter a name, so that others know who is writing.");
      return;
    }
    setBusy(true);
    setError(null);
    try {
      setSession(await startSession(name.trim()));
    } catch (reason) {
      setError(describeSignInError(reason));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, submit };
}

function describeSignInError(reason: unknown): string {
  if (!(reason instanceof ApiError)) return describeError(reason);
  if (reason.status === 403 || reason.status === 404) return "This server doesn't let guests in.";
  return reason.code === "invalid_request" ? "This name can't be used. Please try another one." : describeError(reason);
}
