import { defineConfig } from "vitest/config";
import tests from "./vitest.config.js";

/** `npm run coverage`: every branch of the algebra is reached by a test of its own package. */
export default defineConfig({
  ...tests,
  test: {
    ...tests.test,
    include: ["packages/ot/test/**/*.test.ts"],
    coverage: {
      provider: "v8",
      include: ["packages/ot/src/**/*.ts"],
      reporter: ["text"],
      reportOnFailure: true,
      reportsDirectory: "node_modules/.cache/coverage",
      thresholds: { branches: 100, functions: 100, lines: 100, statements: 100 },
    },
  },
});
