import { Command } from "commander";
import type { ConfigFlags } from "../config.js";
import type { Store } from "../storage/store.js";
import { EXIT_CODES, type ExitCode } from "./exit-codes.js";
import { documentOf, everyDocument, withDocuments } from "./open-documents.js";
import { Progress } from "./progress.js";
import { configOf, withSettings } from "./settings-options.js";
import type { Terminal } from "./terminal.js";
import { type Verification, verifyDocument } from "./verify-document.js";

type Options = ConfigFlags & { readonly json?: true };

export function verifyCommand(terminal: Terminal, finish: (code: ExitCode) => void): Command {
  return withSettings(new Command("verify"), ["data"])
    .description("replay documents from their first operation and compare every stored checksum; changes nothing")
    .argument("[id...]", "documents; left out: all")
    .option("--json", "as JSON")
    .action(async (ids: readonly string[], options: Options) => {
      const results = await withDocuments(configOf(options, terminal), terminal, (store) =>
        verifyAll(store, ids, terminal),
      );
      report(results, options, terminal);
      if (results.some(({ problems }) => problems.length > 0)) finish(EXIT_CODES.problems);
    });
}

async function verifyAll(store: Store, ids: readonly string[], terminal: Terminal): Promise<readonly Verification[]> {
  for (const id of ids) await documentOf(store, id);
  const documents = ids.length > 0 ? ids : (await everyDocument(store)).map(({ id }) => id);
  const progress = new Progress(terminal, "documents");
  const results: Verification[] = [];
  for (const id of documents) {
    const show = (done: number, total: number) =>
      progress.show(results.length, documents.length, `${id}: ${done} of ${total} operations`);
    results.push(await verifyDocument(store, id, show));
  }
  return results;
}

function report(results: readonly Verification[], { json }: Options, terminal: Terminal): void {
  const problems = results.flatMap((result) => result.problems);
  const sum = (count: (result: Verification) => number) => results.reduce((total, result) => total + count(result), 0);
  const totals = {
    documents: results.length,
    operations: sum(({ operations }) => operations),
    snapshots: sum(({ snapshots }) => snapshots),
  };
  if (json) {
    terminal.result(JSON.stringify({ ...totals, problems }, undefined, 2));
    return;
  }
  for (const { document, kind, version, message } of problems) {
    terminal.result(`${document}${version === undefined ? "" : ` version ${version}`}: ${kind}: ${message}`);
  }
  const { documents, operations, snapshots } = totals;
  const verdict = problems.length === 0 ? "all sound" : `${problems.length} problems`;
  terminal.result(`${documents} documents, ${operations} operations, ${snapshots} snapshots: ${verdict}`);
}
