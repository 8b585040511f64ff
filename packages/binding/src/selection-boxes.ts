/**
 * The rectangles of the letters and pictures in a range, in the coordinates of the window. Only near what is on the
 * screen: a selection may span a whole book. `Range.getClientRects` alone gives the boxes of whole blocks too.
 */
export function selectionBoxes(range: Range): readonly DOMRect[] {
  const boxes: DOMRect[] = [];
  const page = range.startContainer.ownerDocument;
  const root = range.commonAncestorContainer;
  const height = page?.defaultView?.innerHeight ?? 0;
  if (page === null) return boxes;
  if (root.nodeType === root.TEXT_NODE) return [...range.getClientRects()];
  const isNear = (node: Node): boolean => {
    if (!(node instanceof Element)) return true;
    const { top, bottom } = node.getBoundingClientRect();
    return bottom > -height && top < 2 * height;
  };
  const walker = page.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    range.intersectsNode(node) && isNear(node) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT,
  );
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text) boxes.push(...partOf(node, range).getClientRects());
    else if (node instanceof HTMLImageElement) boxes.push(node.getBoundingClientRect());
  }
  return boxes.filter((box) => box.width > 0 && box.height > 0);
}

/** The range as far as it lies in one text node. */
function partOf(text: Text, range: Range): Range {
  const part = text.ownerDocument.createRange();
  part.selectNodeContents(text);
  if (range.startContainer === text) part.setStart(text, range.startOffset);
  if (range.endContainer === text) part.setEnd(text, range.endOffset);
  return part;
}
