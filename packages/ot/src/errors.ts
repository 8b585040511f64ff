/** Why an operation was refused. The codes are stable: clients and tests may rely on them. */
export type OperationErrorCode =
  | "malformed"
  | "out_of_range"
  | "surrogate_split"
  | "lone_surrogate"
  | "too_deep"
  | "too_large"
  | "unsupported_version";

/** A refused operation: a stable code, and the index of the first offending component where one can be named. */
export class OperationError extends Error {
  readonly code: OperationErrorCode;
  readonly component: number | undefined;

  constructor(code: OperationErrorCode, message: string, component?: number) {
    super(component === undefined ? message : `component ${component}: ${message}`);
    this.name = "OperationError";
    this.code = code;
    this.component = component;
  }
}
