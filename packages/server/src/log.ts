/** Where the server says what it does. Fields never hold tokens, secrets or anybody's text. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export const silentLog: Log = { info() {}, warn() {}, error() {} };

/** What to log of anything that was thrown. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return { error: error.message, code, stack: code === undefined ? error.stack : undefined };
}
