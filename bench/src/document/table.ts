/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

/** " (3.2 ×)": how many times the own figure that of a rival is; nothing for the own one. */
export function ratio<T>(figure: (cell: T) => number, cell: T, own: T | string | undefined): string {
  if (own === undefined || typeof own === "string" || own === cell) return "";
  const times = figure(cell) / figure(own);
  return ` (${times >= 10 ? Math.round(times).toLocaleString("en-GB") : times.toFixed(1)} ×)`;
}
