import { Command } from "commander";
import type { ConfigFlags } from "../config.js";
import { formatArchive } from "../configuration/archive-location.js";
import { type Inspection, inspectDocument } from "./inspect-document.js";
import { documentOf, withDocuments } from "./open-documents.js";
import { configOf, withSettings } from "./settings-options.js";
import { roughSize } from "./size.js";
import { columns } from "./table.js";
import type { Terminal } from "./terminal.js";

interface Options extends ConfigFlags {
  readonly json?: true;
  readonly last: string;
}

const SHOWN_CLIENTS = 20;
const SHOWN_SNAPSHOTS = 10;
const SHOWN_ARCHIVED = 10;

export function inspectCommand(terminal: Terminal): Command {
  return withSettings(new Command("inspect"), ["data"])
    .description("show what is stored of one document; text is shortened")
    .argument("<id>", "the document")
    .option("--last <number>", "how many of the newest operations are shown", "10")
    .option("--json", "as JSON")
    .action(async (id: string, options: Options) => {
      const config = configOf(options, terminal);
      const found = await withDocuments(config, terminal, async (store) =>
        inspectDocument(store, await documentOf(store, id), Math.max(0, Math.floor(Number(options.last)) || 0)),
      );
      const archive = config.archive && formatArchive(config.archive);
      if (options.json) terminal.result(JSON.stringify({ ...found, archive: archive ?? null }, undefined, 2));
      else for (const line of asText(found, archive)) terminal.result(line);
    });
}

function asText(found: Inspection, archive: string | undefined): readonly string[] {
  const { record, latest, clients } = found;
  return [
    ...columns([
      ["document", record.id],
      ["title", JSON.stringify(record.title)],
      ["kind", record.kind],
      ["created", `${at(record.createdAt)} by ${record.createdBy}`],
      ["changed", at(record.updatedAt)],
      ["trash", record.trashed === undefined ? "no" : `since ${at(record.trashed.at)}, by ${record.trashed.by}`],
      ["version", `${found.version}`],
      ["checksum", `${found.checksum ?? "none"}`],
      ["log", `${found.version} operations, ${roughSize(found.logBytes)}`],
      ["segments", segmentList(found)],
      ...archivedList(found, archive),
      ["snapshots", snapshotList(found)],
      ["names", found.named.map(({ name, version }) => `${JSON.stringify(name)} (${version})`).join(", ") || "none"],
      ["roles", `${found.permissions}`],
    ]),
    "",
    `clients: ${clients.length}`,
    ...columns(
      clients
        .slice(0, SHOWN_CLIENTS)
        .map((one) => ["", one.client, one.user, `${one.operations} operations`, `last ${at(one.lastSeen)}`]),
    ),
    "",
    `last operations: ${latest.length}`,
    ...columns(latest.map((one) => ["", `${one.version}`, at(one.time), one.client, `#${one.sequence}`, one.what])),
  ];
}

function snapshotList({ snapshots }: Inspection): string {
  if (snapshots.length === 0) return "none";
  const newest = snapshots.slice(-SHOWN_SNAPSHOTS).map(({ version }) => version);
  return `${snapshots.length}, ${totalSize(snapshots)}: ${snapshots.length > newest.length ? "…, " : ""}${newest.join(", ")}`;
}

function segmentList({ segments }: Inspection): string {
  if (segments.length === 0) return "none";
  const archived = segments.filter(({ archiveKey }) => archiveKey !== undefined).length;
  return `${segments.length}, ${totalSize(segments)}, up to version ${segments.at(-1)?.last}; ${archived} of them archived`;
}

/** What is in the archive, and where, the newest last; nothing for a document that is all in the store. */
function archivedList({ segments }: Inspection, archive = "(no archive)"): readonly (readonly string[])[] {
  const archived = segments.filter(({ archiveKey }) => archiveKey !== undefined);
  const shown = archived.slice(-SHOWN_ARCHIVED);
  const before = archived.slice(0, archived.length - shown.length);
  return [
    ...(before.length === 0
      ? []
      : [`${before.length} more, ${totalSize(before)}, up to version ${before.at(-1)?.last}`]),
    ...shown.map(
      ({ first, last, bytes, archiveKey }) => `${first} to ${last}, ${roughSize(bytes)}: ${archive}/${archiveKey}`,
    ),
  ].map((line, index) => [index === 0 ? "archived" : "", line]);
}

const totalSize = (parts: readonly { readonly bytes: number }[]): string =>
  roughSize(parts.reduce((sum, { bytes }) => sum + bytes, 0));

const at = (time: number): string => new Date(time).toISOString();
