/** Whether the keys are those of an Apple computer. */
export const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);
const APPLE: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Ctrl: "⌃" };

/** "Mod-Shift-7" as it is printed on the keys of this computer: "⇧⌘7" or "Ctrl+Shift+7". */
export function describeShortcut(shortcut: string): string {
  const keys = shortcut.split("-").map((key) => (key.length === 1 ? key.toUpperCase() : key));
  if (isApple) return keys.map((key) => APPLE[key] ?? key).join("");
  return keys.map((key) => (key === "Mod" ? "Ctrl" : key)).join("+");
}

/** The same for the attribute aria-keyshortcuts: "Control+Shift+7". */
export function ariaShortcut(shortcut: string): string {
  return shortcut.replace("Mod", isApple ? "Meta" : "Control").replaceAll("-", "+");
}
