/** Each has a contrast to white of at least 4.5 : 1 (WCAG 2.1 AA), so that a white name on it can be read. */
export const PALETTE = [
  "#c2255c",
  "#9c36b5",
  "#6741d9",
  "#3b5bdb",
  "#1864ab",
  "#0b7285",
  "#087f5b",
  "#2b7a36",
  "#5c7a00",
  "#a85600",
  "#c92a2a",
  "#7a4b2a",
] as const;

/** The colour of a person: the same on every screen, because it depends on the id of the person alone. */
export function colourOf(user: string): string {
  // FNV-1a: spreads ids that differ in one letter only.
  let hash = 0x811c9dc5;
  for (let index = 0; index < user.length; index += 1) {
    hash = Math.imul(hash ^ user.charCodeAt(index), 0x01000193) >>> 0;
  }
  return PALETTE[hash % PALETTE.length] ?? PALETTE[0];
}
