import type { Attributes, Embed } from "@tutti/ot";

/** Text with everything that breaks naive code: pairs, joined emoji, combining marks, scripts from right to left. */
export const SCRAPS = [
  "a",
  "b",
  "c",
  " ",
  "\n",
  "word",
  "\u{1F600}",
  "\u{1F469}\u200D\u{1F469}\u200D\u{1F467}",
  "e\u0301",
  "\u4E16\u754C",
  "\u0634\u0643\u0631",
  "\u{1D11E}x",
  "\0",
] as const;

export const EMBEDS = [{ image: "cat.png" }, { divider: true }, { formula: { tex: "x^2" } }] as const satisfies Embed[];

/** Formats of inserted text. */
export const FORMATS = [
  { bold: true },
  { italic: true },
  { link: "https://example.org" },
  { header: 1 },
  { bold: true, colour: "red" },
] as const satisfies Attributes[];

/** Formats laid over text that is there; null removes. */
export const CHANGES_OF_FORMAT = [
  ...FORMATS,
  { bold: null },
  { italic: null, link: null },
  { header: null, bold: true },
] as const satisfies Attributes[];
