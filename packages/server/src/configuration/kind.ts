/** How one sort of value is read and shown. What is read may be text (flag, environment) or JSON (config file). */
export interface Kind<T> {
  /** What a value looks like, to end the sentence "expected …". */
  readonly expected: string;
  /** undefined: not a value of this kind. */
  parse(raw: unknown): T | undefined;
  /** As a person would write it. */
  format(value: T): string;
}

/** Any text that isn't empty. */
export function text(expected: string, shortest = 1): Kind<string> {
  return {
    expected,
    parse: (raw) => (typeof raw === "string" && raw.length >= shortest ? raw : undefined),
    format: (value) => value,
  };
}

/** Text that a test accepts. */
export function matching(expected: string, accepts: (text: string) => boolean): Kind<string> {
  return {
    expected,
    parse: (raw) => (typeof raw === "string" && accepts(raw) ? raw : undefined),
    format: (value) => value,
  };
}

/** A whole number, both bounds included. */
export function integer(least: number, most: number): Kind<number> {
  return {
    expected: `a whole number from ${grouped(least)} to ${grouped(most)}`,
    parse: (raw) => inRange(wholeNumber(raw), least, most),
    format: grouped,
  };
}

/** "on" or "off". */
export function onOff(): Kind<boolean> {
  const words = new Map<unknown, boolean>([
    ["on", true],
    ["off", false],
    [true, true],
    [false, false],
  ]);
  return { expected: '"on" or "off"', parse: (raw) => words.get(raw), format: (value) => (value ? "on" : "off") };
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time in milliseconds, written as "250 ms", "60 s", "5 min", "1 h", "30 d"; a bare number counts seconds. */
export function duration(least: number, most: number): Kind<number> {
  return {
    expected: `a time from ${formatDuration(least)} to ${formatDuration(most)}, such as "90 s" or "5 min"`,
    parse: (raw) => inRange(withUnit(raw, MILLISECONDS, "s"), least, most),
    format: formatDuration,
  };
}

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

/** A size in bytes, written as "16 MB" or "64 KiB"; a bare number counts bytes. */
export function bytes(least: number, most: number): Kind<number> {
  return {
    expected: `a size from ${formatBytes(least)} to ${formatBytes(most)}, such as "16 MB"`,
    parse: (raw) => inRange(withUnit(raw, BYTES, "B"), least, most),
    format: formatBytes,
  };
}

/** In the largest unit that leaves a whole number. */
export function formatDuration(milliseconds: number): string {
  return inLargestUnit(milliseconds, MILLISECONDS, ["d", "h", "min", "s", "ms"]);
}

export function formatBytes(size: number): string {
  return inLargestUnit(size, BYTES, ["GB", "MB", "kB", "B"]);
}

function inLargestUnit(value: number, units: Readonly<Record<string, number>>, names: readonly string[]): string {
  const name = value === 0 ? undefined : names.find((candidate) => value % (units[candidate] ?? 1) === 0);
  return name === undefined ? `${value}` : `${grouped(value / (units[name] ?? 1))} ${name}`;
}

const grouped = (value: number): string => value.toLocaleString("en-GB", { maximumFractionDigits: 3 });

/** A rounded result, so that "1.1 MB" is exactly 1,100,000. */
function withUnit(raw: unknown, units: Readonly<Record<string, number>>, bare: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]*)$/.exec(
    String(raw)
      .trim()
      .replace(/[,_](?=\d{3})/g, ""),
  );
  if (match === null || (typeof raw !== "string" && typeof raw !== "number")) return undefined;
  const factor = units[match[2] === "" ? bare : (match[2] ?? "")];
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

function wholeNumber(raw: unknown): number | undefined {
  const plain = typeof raw === "string" ? raw.trim().replace(/[,_](?=\d{3})/g, "") : raw;
  if (typeof plain === "number") return plain;
  return typeof plain === "string" && /^\d+$/.test(plain) ? Number(plain) : undefined;
}

function inRange(value: number | undefined, least: number, most: number): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value >= least && value <= most ? value : undefined;
}
