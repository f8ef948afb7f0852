/** The fast tests of what is mutated: a mutation run starts vitest anew for every change, and knows no projects. */
import { defineConfig } from "vitest/config";
import { fast } from "../../vitest.config.js";

export default defineConfig({
  test: {
    ...fast,
    include: ["test/@(graph|passes|plan|targets)/**/*.test.ts"],
    testTimeout: 600_000,
  },
});
