import { type RefObject, useLayoutEffect, useRef } from "react";

/**
 * When what has the focus inside of `container` goes away, the focus goes to `next`, so that nobody has to look for it.
 *
 * @param next left out, or null: the container itself, which can take the focus (tabIndex −1)
 */
export function useKeptFocus(
  container: RefObject<HTMLElement | null>,
  next?: (container: HTMLElement) => HTMLElement | null,
): void {
  const inside = useRef(false);
  useLayoutEffect(() => {
    const note = () => {
      inside.current = container.current?.contains(document.activeElement) === true;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [container]);
  // After every drawing: any of them may have taken it away.
  useLayoutEffect(() => {
    const element = container.current;
    if (!inside.current || element === null || document.activeElement !== document.body) return;
    (next?.(element) ?? element).focus();
  });
}
