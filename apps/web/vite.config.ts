import { defaultClientConditions, defineConfig } from "vite";
import { precache, SERVICE_WORKER } from "./build/precache-plugin.js";

const server = process.env["TUTTI_URL"] ?? "http://127.0.0.1:4400";

export default defineConfig({
  plugins: [precache()],
  // "source" first: a bundle of this checkout never holds a stale dist of another workspace.
  resolve: { conditions: ["source", ...defaultClientConditions] },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 600,
    // The Content-Security-Policy allows no inline scripts, which the preload polyfill would be.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { app: "index.html", worker: "service-worker/main.ts" },
      output: {
        // A new build of the app leaves this file as it is: whoever has it already does not load it again.
        codeSplitting: {
          groups: [{ name: "components", test: /node_modules\/(react|react-dom|scheduler|@mantine)\// }],
        },
        entryFileNames: ({ name }) => (name === "worker" ? SERVICE_WORKER : "assets/[name]-[hash].js"),
      },
      onwarn(warning, warn) {
        // "use client" in Mantine's files: there is no server rendering here.
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  server: { proxy: { "/v1": { target: server, ws: true } } },
});
