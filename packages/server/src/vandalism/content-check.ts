/** What one person wrote in one document within a short time. */
export interface Passage {
  readonly document: string;
  /** The id of the person. */
  readonly user: string;
  /** The versions that it was committed as, others' in between. */
  readonly first: number;
  readonly last: number;
  /** What was inserted, in this order; an embed is U+FFFC. */
  readonly text: string;
}

/**
 * Looks at what people write, for spam say, and says what somebody should look at (L4). It is asked after the text is
 * committed, one passage at a time, and nobody waits for it: it flags, and never blocks. Whatever it throws, and however
 * long it takes, harms nothing but its own answers.
 */
export interface ContentCheck {
  /**
   * @param signal aborts when the time for the answer is over, or the server stops
   * @returns why somebody should look at this, for people, up to 200 UTF-16 units; undefined: nothing is wrong with it
   */
  check(passage: Passage, signal: AbortSignal): Promise<string | undefined> | string | undefined;
}
