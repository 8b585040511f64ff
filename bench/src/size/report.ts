import { AIM, type BundleSize, LARGEST_START, type Part } from "./bundle.js";

/** The measured sizes as Markdown. */
export function report(size: BundleSize, options: { readonly modules: boolean }): string {
  const { start, packages, modules, later } = size;
  return [
    "| loaded at once | minified | gzipped |",
    "| --- | ---: | ---: |",
    ...packages.map(row),
    ...(options.modules ? modules.map(row) : []),
    row({ name: "**together**", ...start }),
    "",
    "| loaded where it is needed | minified | gzipped |",
    "| --- | ---: | ---: |",
    ...later.map(row),
    "",
    `client + protocol + ot: ${count(start.gzipped)} of ${count(LARGEST_START)} bytes gzipped; the aim is ${count(AIM)}`,
  ].join("\n");
}

const row = ({ name, minified, gzipped }: Part): string => `| ${name} | ${count(minified)} | ${count(gzipped)} |`;
const count = (value: number): string => value.toLocaleString("en-GB");
