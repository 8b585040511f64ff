import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ContentCheck } from "./content-check.js";

/**
 * The content check of a module: what its export `createContentCheck` returns.
 * @param module a file, when it starts with "." or is absolute, from the working folder; else the name of a package
 * @throws Error that says what is wrong with the module
 */
export async function loadContentCheck(module: string): Promise<ContentCheck> {
  const isFile = module.startsWith(".") || isAbsolute(module);
  const exports: unknown = await import(isFile ? pathToFileURL(resolve(module)).href : module);
  const create = propertyOf(exports, "createContentCheck");
  if (typeof create !== "function")
    throw new Error(`the content check ${module} exports no function createContentCheck`);
  const check: unknown = await create();
  if (isContentCheck(check)) return check;
  throw new Error(`createContentCheck of ${module} returned something without a method check`);
}

const isContentCheck = (value: unknown): value is ContentCheck => typeof propertyOf(value, "check") === "function";

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
