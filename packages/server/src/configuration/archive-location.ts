import { resolve } from "node:path";
import { ConfigError, type Source } from "./setting.js";

/** Where old packed operations go. */
export type ArchiveLocation =
  | { readonly kind: "folder"; readonly folder: string }
  | {
      readonly kind: "s3";
      /** Without bucket, without a slash at the end. */
      readonly endpoint: string;
      readonly region: string;
      readonly bucket: string;
      /** Empty, or names with "/" between them. */
      readonly prefix: string;
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
    };

/** The settings about the archive, as the table has them. */
export interface ArchiveValues {
  readonly archive: string | undefined;
  readonly archiveEndpoint: string | undefined;
  readonly archiveRegion: string;
  readonly archiveAccessKey: string | undefined;
  readonly archiveSecretKey: string | undefined;
}

const BUCKET_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[\w.-]+)*)\/?$/;

/** True for a folder, or `s3://bucket/prefix`; every other scheme would only make a folder with a strange name. */
export function isArchive(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text !== "";
  const names = BUCKET_ADDRESS.exec(text)?.[2]?.split("/");
  // An address with these would be that of something else.
  return names !== undefined && !names.includes(".") && !names.includes("..");
}

/** True for http or https with nothing but a host and a port: the bucket has its place, and so have the keys. */
export function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "" && pathname === "/";
}

/**
 * The archive that the settings together describe; undefined: there is none.
 * @param sourceOf where each of them came from
 * @throws ConfigError when it is a bucket and a key is missing
 */
export function archiveLocation(
  values: ArchiveValues,
  sourceOf: (name: keyof ArchiveValues) => Source,
): ArchiveLocation | undefined {
  const { archive, archiveRegion: region } = values;
  if (archive === undefined) return undefined;
  const [, bucket, path = ""] = BUCKET_ADDRESS.exec(archive) ?? [];
  if (bucket === undefined) return { kind: "folder", folder: resolve(archive) };
  const key = (name: "archiveAccessKey" | "archiveSecretKey"): string => {
    const value = values[name];
    if (value !== undefined) return value;
    throw new ConfigError(name, sourceOf(name), `a key, for the archive is in the bucket ${bucket}`, "none");
  };
  return {
    kind: "s3",
    endpoint: new URL(values.archiveEndpoint ?? `https://s3.${region}.amazonaws.com`).origin,
    region,
    bucket,
    prefix: path.slice(1),
    accessKeyId: key("archiveAccessKey"),
    secretAccessKey: key("archiveSecretKey"),
  };
}

/** As a person would write it, without keys: the folder, or `s3://bucket/prefix`. */
export function formatArchive(location: ArchiveLocation): string {
  if (location.kind === "folder") return location.folder;
  return ["s3:/", location.bucket, location.prefix].filter((part) => part !== "").join("/");
}
