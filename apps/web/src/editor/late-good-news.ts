/** How long (ms) good news must last before it is told. */
const CALM = 300;

/**
 * Passes bad news on at once, and good news when it has lasted: between two letters everything is saved for a moment, and
 * to draw that, React would look for the caret among all nodes of the text, twice for each letter.
 *
 * @param isGood how it stands now
 * @param subscribe calls back at every change; the function returned ends that
 */
export function lateGoodNews(
  isGood: () => boolean,
  subscribe: (listener: () => void) => () => void,
  listener: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = subscribe(() => {
    clearTimeout(timer);
    timer = isGood() ? setTimeout(listener, CALM) : undefined;
    if (timer === undefined) listener();
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
