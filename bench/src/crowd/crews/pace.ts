/** Calls back so many times a second, evenly over time, however late the timer comes. @returns what ends it */
export function evenly(perSecond: number, turn: (count: number) => void): () => void {
  if (perSecond === 0) return () => undefined;
  const started = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) * perSecond) / 1_000);
    for (; done < due; done += 1) turn(done);
  }, 1);
  return () => clearInterval(timer);
}
