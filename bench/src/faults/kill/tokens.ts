/**
 * What the writers of a campaign type: `w.n;`, the n-th token of writer w. Each is typed once, and a writer's tokens are
 * acknowledged in their order, so that one number says which of them must never be missing.
 */
export const tokenOf = (writer: number, count: number): string => `${writer}.${count};`;

/** What is wrong with a text, token by token; all empty when nothing is. */
export interface TokenAudit {
  /** Different tokens in the text. */
  readonly found: number;
  /** Acknowledged, and not in the text. */
  readonly missing: readonly string[];
  /** In the text more than once, acknowledged or not. */
  readonly doubled: readonly string[];
  /** What is in the text and no token, such as half of one. */
  readonly strange: readonly string[];
}

/**
 * @param text of one document
 * @param acknowledged for each writer of this document: the count of the newest token that was acknowledged
 */
export function auditTokens(text: string, acknowledged: ReadonlyMap<number, number>): TokenAudit {
  const counts = new Map<string, number>();
  const strange: string[] = [];
  for (const piece of text.split(/(?<=;)/)) {
    const writer = /^(\d+)\.\d+;$/.exec(piece)?.[1];
    if (writer === undefined || !acknowledged.has(Number(writer))) strange.push(piece);
    else counts.set(piece, (counts.get(piece) ?? 0) + 1);
  }
  const doubled = [...counts].filter(([, count]) => count > 1).map(([token]) => token);
  return { found: counts.size, missing: missingOf(counts, acknowledged), doubled, strange: text === "" ? [] : strange };
}

function missingOf(found: ReadonlyMap<string, number>, acknowledged: ReadonlyMap<number, number>): readonly string[] {
  const missing: string[] = [];
  for (const [writer, newest] of acknowledged) {
    for (let count = 1; count <= newest; count += 1) {
      const token = tokenOf(writer, count);
      if (!found.has(token)) missing.push(token);
    }
  }
  return missing;
}
