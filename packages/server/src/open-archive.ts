import type { ArchiveLocation } from "./configuration/archive-location.js";
import type { Archive } from "./storage/archive.js";
import { FolderArchive } from "./storage/folder-archive.js";
import { S3Archive } from "./storage/s3-archive.js";

/** The archive that is configured; undefined when there is none. Nothing is asked of it yet. */
export function openArchive(location: ArchiveLocation | undefined): Archive | undefined {
  if (location === undefined) return undefined;
  if (location.kind === "folder") return new FolderArchive(location.folder);
  const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = location;
  const address = [endpoint, bucket, prefix].filter((part) => part !== "").join("/");
  return new S3Archive({ endpoint: address, region, accessKeyId, secretAccessKey });
}
