import type { CSSVariablesResolver } from "@mantine/core";

/** Shades chosen for WCAG AA contrast where Mantine's own fall short, and the colours of our own surfaces. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-6)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--mantine-color-anchor": "var(--mantine-color-pine-7)",
    "--tutti-backdrop": "var(--mantine-color-gray-1)",
    "--tutti-sheet": "var(--mantine-color-white)",
    "--tutti-line": "var(--mantine-color-gray-3)",
    "--tutti-field": "var(--mantine-color-gray-6)",
    "--tutti-soft": "var(--mantine-color-gray-1)",
    "--tutti-accent": "var(--mantine-color-pine-7)",
    "--tutti-good": "#0f6b5d",
    "--tutti-busy": "#1a5fa8",
    "--tutti-warn": "#8a5200",
    "--tutti-bad": "#b3261e",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-2)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-2)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--mantine-color-anchor": "var(--mantine-color-pine-3)",
    "--tutti-backdrop": "var(--mantine-color-dark-8)",
    "--tutti-sheet": "var(--mantine-color-dark-7)",
    "--tutti-line": "var(--mantine-color-dark-5)",
    "--tutti-field": "var(--mantine-color-dark-3)",
    "--tutti-soft": "var(--mantine-color-dark-6)",
    "--tutti-accent": "var(--mantine-color-pine-3)",
    "--tutti-good": "#78bfae",
    "--tutti-busy": "#8fbdf0",
    "--tutti-warn": "#eab765",
    "--tutti-bad": "#ff9a8f",
  },
});
