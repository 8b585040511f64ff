/** At most `most` events in any `length` milliseconds. */
export interface WindowRule {
  readonly most: number;
  readonly length: number;
}

/** What is known of the events so far; a value: counting makes a new one. */
export interface Window {
  /** The newest slot in which something was counted. */
  readonly newest: number;
  /** Events of each slot, the newest first. */
  readonly counts: readonly number[];
}

/** A window is counted in so many slots: the error is that an event counts for up to a tenth longer than its window. */
const SLOTS = 10;
/** One more than the slots of a window: the first and the last are covered in part only. */
const KEPT = SLOTS + 1;

export const EMPTY_WINDOW: Window = { newest: 0, counts: Array.from({ length: KEPT }, () => 0) };

/**
 * How long to wait until one more event keeps the rule (L1). Never too short: whoever goes by it has at most
 * `rule.most` events in any `rule.length` milliseconds.
 *
 * @param now milliseconds; a clock that goes back counts as standing still
 * @returns milliseconds; 0: now
 */
export function waitFor(rule: WindowRule, window: Window, now: number): number {
  const slot = slotOf(rule, window, now);
  let remaining = 0;
  for (let index = 0; index < KEPT - (slot - window.newest); index += 1) remaining += window.counts[index] ?? 0;
  if (remaining < rule.most) return 0;
  // The oldest ones leave first; wait for as many as it takes.
  for (let index = KEPT - 1; index >= 0; index -= 1) {
    if (window.newest - index < slot - SLOTS) continue;
    remaining -= window.counts[index] ?? 0;
    if (remaining < rule.most)
      return Math.max(1, Math.ceil(((window.newest - index + KEPT) * rule.length) / SLOTS - now));
  }
  return rule.length;
}

/** The window with one more event, whether the rule allows it or not. */
export function counted(rule: WindowRule, window: Window, now: number): Window {
  const slot = slotOf(rule, window, now);
  const passed = slot - window.newest;
  const counts = Array.from({ length: KEPT }, (_, index) => window.counts[index - passed] ?? 0);
  counts[0] = (counts[0] ?? 0) + 1;
  return { newest: slot, counts };
}

/** True when nothing of it counts any more, so that it may be forgotten. */
export function isOver(rule: WindowRule, window: Window, now: number): boolean {
  return slotOf(rule, window, now) - window.newest > SLOTS;
}

function slotOf(rule: WindowRule, window: Window, now: number): number {
  return Math.max(window.newest, Math.floor((now * SLOTS) / rule.length));
}
