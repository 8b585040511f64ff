import { EditorView } from "@codemirror/view";

// The name stays for most of the time, then fades.
const FADE = { "0%, 75%": { opacity: 1 }, "100%": { opacity: 0 } };

/** How remote cursors look; part of `tuttiCollab`. Any theme may say otherwise. */
export const cursorStyles = EditorView.baseTheme({
  ".tutti-selection": {
    background: "color-mix(in srgb, var(--tutti-colour) 25%, transparent)",
  },
  ".tutti-cursor": {
    borderLeft: "2px solid var(--tutti-colour)",
    marginLeft: "-1px",
    pointerEvents: "none",
    transition: "left 80ms, top 80ms",
  },
  "@media (prefers-reduced-motion: reduce)": { ".tutti-cursor": { transition: "none" } },
  ".tutti-cursor-name": {
    position: "absolute",
    left: "-2px",
    bottom: "100%",
    padding: "0 0.4em",
    borderRadius: "4px 4px 4px 0",
    background: "var(--tutti-colour)",
    color: "#fff",
    font: "600 11px/1.5 system-ui, sans-serif",
    whiteSpace: "nowrap",
    opacity: 0,
  },
  ".tutti-cursor-name-below": { bottom: "auto", top: "100%", borderRadius: "0 4px 4px 4px" },
  ".tutti-cursor-name-0": { animation: "tutti-fade-0 2.5s ease-in forwards" },
  ".tutti-cursor-name-1": { animation: "tutti-fade-1 2.5s ease-in forwards" },
  "@keyframes tutti-fade-0": FADE,
  "@keyframes tutti-fade-1": FADE,
});
