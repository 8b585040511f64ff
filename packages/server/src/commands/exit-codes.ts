/** How every command ends (docs/operations.md). */
export const EXIT_CODES = {
  /** All is well. */
  ok: 0,
  /** The command did its work and found problems. */
  problems: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** Documents can't be reached: no database, no rights, disk full, no connection. */
  storage: 3,
  /** It would be unsafe: a server is running, or data would be overwritten. */
  refused: 4,
  /** A fault of this program. */
  internal: 70,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** Ends a command with a sentence for its user. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}
