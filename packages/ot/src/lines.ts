const NEWLINE = 10;

/** How many "\n" the text has. */
export function countNewlines(text: string): number {
  let count = 0;
  if (text.length < 32) {
    for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) === NEWLINE) count += 1;
    return count;
  }
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** How many "\n" the first `end` units have. */
export function newlinesBefore(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

/** Index behind the `count`-th "\n" (from 1); the text has that many. */
export function behindNewline(text: string, count: number): number {
  let at = -1;
  for (let found = 0; found < count; found += 1) at = text.indexOf("\n", at + 1);
  return at + 1;
}
