import { resolve } from "node:path";
import type { Config } from "./config.js";
import type { Archive } from "./storage/archive.js";
import { FolderArchive } from "./storage/folder-archive.js";

/** The archive that is configured; undefined when there is none. */
export function openArchive({ archive }: Pick<Config, "archive">): Archive | undefined {
  return archive === undefined ? undefined : new FolderArchive(resolve(archive));
}
