import { fileURLToPath } from "node:url";
import { build, defaultClientConditions } from "vite";

const ENTRY = fileURLToPath(new URL("page.ts", import.meta.url));

let bundle: Promise<string> | undefined;

/** The page of the fuzzer as one script, from the sources of this checkout. Made once. */
export function fuzzBundle(): Promise<string> {
  bundle ??= makeBundle();
  return bundle;
}

async function makeBundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["source", ...defaultClientConditions] },
    build: {
      write: false,
      minify: false,
      target: "es2022",
      lib: { entry: ENTRY, formats: ["iife"], name: "fuzzPage" },
    },
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const [first] = Array.isArray(result) ? result : [result];
  if (first === undefined || !("output" in first)) throw new Error("the bundler made nothing");
  return first.output[0].code;
}

export const FUZZ_HTML = `<head><title>Fuzz</title>
<style>
  .editor { position: relative; width: 600px; min-height: 200px; border: 1px solid; }
  .ql-editor, .ProseMirror { white-space: pre-wrap; outline: none; }
  .ql-clipboard { position: absolute; left: -10000px; }
</style></head>
<body><div class="editor" id="editor-0"></div><div class="editor" id="editor-1"></div></body>`;
