/**
 * Bundles the package into dist/: chevrotain loaded file by file costs 300 ms, in one file 60.
 * The other dependencies stay outside; they are large, native, or loaded only by some verbs.
 */
import { rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    cli: "src/cli/main.ts",
    index: "src/index.ts",
    register: "src/register.ts",
    hooks: "src/hooks.ts",
    vite: "src/vite.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: true,
  chunkNames: "chunk-[hash]",
  logLevel: "warning",
  external: [
    "sharp",
    "cmake-js",
    "node-gyp",
    "protobufjs",
    "env-paths",
    "ora",
    "eta",
    "commander",
    "picocolors",
    "onnxruntime-node",
  ],
  banner: { js: "" },
});
