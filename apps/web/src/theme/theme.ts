import { createTheme, type MantineColorsTuple } from "@mantine/core";

const pine: MantineColorsTuple = [
  "#e9f5f2",
  "#d3e9e3",
  "#a8d5c9",
  "#78bfae",
  "#4fab97",
  "#2f9a84",
  "#158370",
  "#0f6b5d",
  "#0b564b",
  "#073f37",
];
const gray: MantineColorsTuple = [
  "#f7f9f8",
  "#eff2f1",
  "#e4e9e7",
  "#d5dcda",
  "#c3ccc9",
  "#a6b1ae",
  "#75817e",
  "#56625f",
  "#3d4745",
  "#1d2423",
];
const dark: MantineColorsTuple = [
  "#dde3e1",
  "#b9c4c1",
  "#98a6a2",
  "#6e7d79",
  "#434e4b",
  "#333c3a",
  "#262d2c",
  "#1b201f",
  "#131716",
  "#0d100f",
];

/** The look of the app: system fonts, quiet greys with a little green, one accent. */
export const theme = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  colors: { pine, gray, dark },
  black: gray[9],
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: "650", textWrap: "balance" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { openDelay: 350, events: { hover: true, focus: true, touch: false } } },
    Menu: { defaultProps: { shadow: "md", position: "bottom-end" } },
  },
});
