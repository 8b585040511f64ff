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
