const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** True when `index` lies between the two halves of a surrogate pair. */
export function splitsSurrogatePair(text: string, index: number): boolean {
  return index > 0 && index < text.length && isHigh(text.charCodeAt(index - 1)) && isLow(text.charCodeAt(index));
}

/** Index of the first surrogate without its other half; -1 when the text is well formed. */
export function loneSurrogateAt(text: string): number {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (isLow(unit)) return index;
    if (!isHigh(unit)) continue;
    if (!isLow(text.charCodeAt(index + 1))) return index;
    index += 1;
  }
  return -1;
}

/**
 * The same text, laid out flat. Engines keep a joined or cut string as a reference to its parts, which would keep a whole
 * document alive for one leaf of it; reading a unit makes V8, SpiderMonkey and JavaScriptCore lay it out.
 */
export function flatten(text: string): string {
  text.charCodeAt(0);
  return text;
}

/** The units [from, to) as a string of its own, which does not keep `text` alive. */
export function flatCopy(text: string, from: number, to: number): string {
  const middle = (from + to) >>> 1;
  return flatten(text.slice(from, middle) + text.slice(middle, to));
}
