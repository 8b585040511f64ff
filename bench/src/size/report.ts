import { type BundleSize, LARGEST_BUNDLE, type Part } from "./bundle.js";

/** The measured sizes as Markdown. A part's gzipped bytes are what leaving it out would save. */
export function report(
  { minified, gzipped, packages, modules }: BundleSize,
  options: { readonly modules: boolean },
): string {
  return [
    "| part | minified | gzipped |",
    "| --- | ---: | ---: |",
    ...packages.map(row),
    ...(options.modules ? modules.map(row) : []),
    row({ name: "**together**", minified, gzipped }),
    "",
    `client + protocol + ot: ${count(gzipped)} of ${count(LARGEST_BUNDLE)} bytes gzipped`,
  ].join("\n");
}

const row = ({ name, minified, gzipped }: Part): string => `| ${name} | ${count(minified)} | ${count(gzipped)} |`;
const count = (value: number): string => value.toLocaleString("en-GB");
