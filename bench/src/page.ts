import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);

/** The load of the machine in the last minute. */
export const load = (): string => loadavg()[0]?.toFixed(1) ?? "?";

/** One line on when and where something was measured. @param before the load at the start */
export function conditions(before: string): string {
  const when = `Measured ${new Date().toISOString().slice(0, 10)} · Node ${process.version} · ${cpus().length} cores`;
  return `${when} · load ${before} to ${load()}`;
}

/** Puts Markdown between the marks of this name in docs/benchmarks.md. @throws Error when the page has no such marks */
export async function writeBetween(name: string, text: string): Promise<void> {
  const page = await readFile(PAGE, "utf8");
  const marked = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`);
  if (!marked.test(page)) throw new Error(`${PAGE.pathname} has no place for ${name}`);
  await writeFile(
    PAGE,
    page.replace(marked, (_, start: string, end: string) => `${start}\n${text}\n\n${end}`),
  );
}
