import { InvalidArgumentError } from "commander";

/** An integer from 0. @throws InvalidArgumentError */
export function natural(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("expected an integer from 0");
}

/** An integer from 1. @throws InvalidArgumentError */
export function positive(text: string): number {
  const value = natural(text);
  if (value > 0) return value;
  throw new InvalidArgumentError("expected an integer from 1");
}
