import { useEffect } from "react";
import { isApple } from "../toolbar/shortcut.js";

/** "find": Mod-f; "replace": Mod-h; "next", "previous": Mod-g or F3, with Shift for the way back. */
export type FindKey = "find" | "replace" | "next" | "previous";

/** The browser's keys for finding, anywhere on the page: its own search would miss what an editor does not draw. */
export function useFindKeys(onKey: (key: FindKey) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const key = findKeyOf(event);
      // A dialog has the page for itself.
      if (key === undefined || document.querySelector('[aria-modal="true"]') !== null) return;
      event.preventDefault();
      event.stopPropagation();
      onKey(key);
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, [onKey]);
}

function findKeyOf({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyboardEvent): FindKey | undefined {
  if (key === "F3") return shiftKey ? "previous" : "next";
  const mod = isApple ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (!mod) return undefined;
  const letter = key.toLowerCase();
  // Mod-h hides the window on Apple's computers; there Mod-Alt-f is usual.
  if (altKey) return letter === "f" || letter === "ƒ" ? "replace" : undefined;
  if (letter === "f" && !shiftKey) return "find";
  if (letter === "h" && !shiftKey && !isApple) return "replace";
  if (letter === "g") return shiftKey ? "previous" : "next";
  return undefined;
}
