import { EditorView } from "@codemirror/view";

/** The look of CodeMirror in the colours of the app; they are variables, so light and dark need no theme each. */
export const plainTheme = EditorView.theme({
  "&": { flex: "1", fontSize: "0.9375rem", color: "var(--mantine-color-text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.65" },
  ".cm-content": { padding: "1.25rem 0 40vh", caretColor: "var(--mantine-color-text)" },
  ".cm-line": { padding: "0 1.25rem 0 0.75rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--mantine-color-text)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--tutti-accent) 26%, transparent)",
  },
  ".cm-gutters": {
    color: "var(--mantine-color-dimmed)",
    backgroundColor: "var(--tutti-sheet)",
    border: "0",
    paddingInlineStart: "0.5rem",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.25rem", paddingInline: "0.25rem 0.5rem" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--tutti-accent) 6%, transparent)" },
  ".cm-activeLineGutter": { color: "var(--mantine-color-text)", backgroundColor: "transparent" },
  ".cm-placeholder": { color: "var(--mantine-color-placeholder)" },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--tutti-good) 22%, transparent)",
    outline: "1px solid color-mix(in srgb, var(--tutti-good) 55%, transparent)",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "color-mix(in srgb, var(--tutti-bad) 18%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--tutti-busy) 16%, transparent)" },
  ".tutti-found": { backgroundColor: "color-mix(in srgb, var(--tutti-warn) 26%, transparent)", borderRadius: "2px" },
  ".tutti-found-current": {
    backgroundColor: "color-mix(in srgb, var(--tutti-warn) 55%, transparent)",
    outline: "1px solid var(--tutti-warn)",
  },
  ".cm-panels": {
    color: "inherit",
    backgroundColor: "var(--tutti-soft)",
    borderBottom: "1px solid var(--tutti-line)",
    zIndex: "10",
  },
  ".cm-panel": { padding: "0.5rem 2.25rem 0.5rem 0.75rem", fontFamily: "var(--mantine-font-family)" },
  ".cm-panel label": { fontSize: "0.8125rem" },
  ".cm-textfield": {
    padding: "0.25rem 0.5rem",
    fontSize: "0.875rem",
    color: "inherit",
    backgroundColor: "var(--tutti-sheet)",
    border: "1px solid var(--mantine-color-gray-6)",
    borderRadius: "0.375rem",
  },
  ".cm-button": {
    padding: "0.25rem 0.625rem",
    fontSize: "0.8125rem",
    color: "inherit",
    backgroundColor: "var(--tutti-sheet)",
    backgroundImage: "none",
    border: "1px solid var(--tutti-line)",
    borderRadius: "0.375rem",
  },
});
