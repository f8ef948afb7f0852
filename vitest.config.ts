import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/support/bundle.ts"],
    include: ["test/**/*.test.ts"],
    // Two compilers at once are what a small machine bears; each worker may start one.
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
