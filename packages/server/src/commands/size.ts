const UNITS = [
  ["GB", 1_000_000_000],
  ["MB", 1_000_000],
  ["kB", 1000],
] as const;

/** A size in bytes as people say it: "5.3 MB". */
export function roughSize(bytes: number): string {
  const [name, factor] = UNITS.find(([, least]) => bytes >= least) ?? (["B", 1] as const);
  const value = bytes / factor;
  return `${value < 10 && factor > 1 ? value.toFixed(1) : Math.round(value)} ${name}`;
}
