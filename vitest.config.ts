import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.js";

/** The compiler's own rooms: their tests start neither a C++ compiler nor a process. */
const rooms =
  "autodiff|checkpoints|data|diagnostics|docs|emit|files|fixes|grammar|graph|import|kernels|model|ops|passes|plan|specs|syntax|targets";

/** Of those, what takes long or replaces a module of Node. */
const apart = [
  "test/checkpoints/safetensors/{reader-cases,safetensors}.test.ts",
  "test/docs/{checkpoints,generated,readme}.test.ts",
  "test/files/read.test.ts",
  "test/fixes/{slips,words}.test.ts",
  "test/import/whole-networks.test.ts",
  "test/model/{hostile,mending}.test.ts",
  "test/passes/random-networks.test.ts",
  "test/syntax/hostile.test.ts",
  "test/syntax/print/{hostile,random}.test.ts",
];

/** `npm run test:fast`; loading what is tested takes longer than testing it. */
export const fast = {
  name: "fast",
  include: ["test/fixtures.test.ts", `test/@(${rooms})/**/*.test.ts`],
  exclude: apart,
  isolate: false,
};

export default defineConfig({
  test: {
    // Two compilers at once are what a small machine bears; each worker may start one.
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 600_000,
    hookTimeout: 600_000,
    projects: [
      { extends: true, test: fast },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/*.test.ts", `test/!(${rooms})/**/*.test.ts`, ...apart],
          exclude: ["test/fixtures.test.ts"],
          globalSetup: ["test/support/bundle.ts", "test/support/objects.ts"],
        },
      },
    ],
  },
});
