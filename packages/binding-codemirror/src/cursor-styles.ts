import { EditorView } from "@codemirror/view";

// A name stays for a moment, then fades; a caret fades when its person does nothing for some seconds, counted from then.
const NAME = { "0%, 75%": { opacity: 1 }, "100%": { opacity: 0 } };
const STALE = { "0%, 60%": { opacity: 1 }, "100%": { opacity: 0.4 } };

/** How remote cursors look; part of `tuttiCollab`. Any theme may say otherwise. */
export const cursorStyles = EditorView.baseTheme({
  ".tutti-selection": {
    background: "color-mix(in srgb, var(--tutti-colour) 25%, transparent)",
  },
  ".tutti-cursor": {
    borderLeft: "2px solid var(--tutti-colour)",
    marginLeft: "-1px",
    pointerEvents: "none",
    transition: "left var(--tutti-glide, 80ms) linear, top var(--tutti-glide, 80ms) linear",
  },
  // The colours are made for white; on dark they need more light (WCAG 1.4.11).
  "&dark .tutti-cursor": { borderColor: "color-mix(in oklab, var(--tutti-colour) 55%, white)" },
  "@media (prefers-reduced-motion: reduce)": { ".tutti-cursor": { transition: "none" } },
  "@media (forced-colors: active)": { ".tutti-cursor, .tutti-cursor-name": { forcedColorAdjust: "none" } },
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
  },
  ".tutti-cursor-name-below": { bottom: "auto", top: "100%", borderRadius: "0 4px 4px 4px" },
  ".tutti-moved-0": { animation: "tutti-stale-0 12s linear var(--tutti-idle, 0s) forwards" },
  ".tutti-moved-1": { animation: "tutti-stale-1 12s linear var(--tutti-idle, 0s) forwards" },
  ".tutti-moved-0 > .tutti-cursor-name": { animation: "tutti-name-0 2.5s ease-in var(--tutti-idle, 0s) forwards" },
  ".tutti-moved-1 > .tutti-cursor-name": { animation: "tutti-name-1 2.5s ease-in var(--tutti-idle, 0s) forwards" },
  "@keyframes tutti-name-0": NAME,
  "@keyframes tutti-name-1": NAME,
  "@keyframes tutti-stale-0": STALE,
  "@keyframes tutti-stale-1": STALE,
});
