import { defineConfig } from "vitest/config";

// Packages resolve to their sources, so that a test never runs against a stale build.
const conditions = ["source", "node", "import", "module", "default"];
// Without "import", which Vite adds where it belongs: Node would take it for what CommonJS packages require of each other.
const serverConditions = ["source", "node", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions: serverConditions, externalConditions: ["node"] } },
  test: {
    include: [
      "packages/*/test/**/*.test.{ts,tsx}",
      "simulation/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
      "e2e/**/*.test.ts",
      "examples/test/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    setupFiles: ["test/seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What a browser is to show is waited for, however busy the machine is; it takes as long as it takes.
    expect: { poll: { timeout: 20_000 } },
  },
});
