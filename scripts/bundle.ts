/**
 * Bundles the package into dist/: chevrotain loaded file by file costs 300 ms, in one file 60.
 * The other dependencies stay outside; they are large, native, or loaded only by some verbs.
 * The declarations go beside it, so that what `npm pack` takes is always whole; `--code` leaves them
 * out, which tests have no use for and which take longest.
 */
import { execFileSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { build } from "esbuild";

// Built beside and renamed, so that a program under way finds either the old bundle or the new.
const fresh = `dist.${process.pid}.new`;
const old = `dist.${process.pid}.old`;

const bundlers = ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild"];

await build({
  entryPoints: {
    cli: "src/cli/main.ts",
    index: "src/index.ts",
    register: "src/register.ts",
    hooks: "src/hooks.ts",
    runtime: "src/runtime.ts",
    ...Object.fromEntries(bundlers.map((name) => [name, `src/bundlers/for-${name}.ts`])),
  },
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  sourcemap: true,
  chunkNames: "chunk-[hash]",
  logLevel: "warning",
  external: [
    "cmake-js",
    "commander",
    "env-paths",
    "eta",
    "node-gyp",
    "ora",
    "picocolors",
    "protobufjs",
    "sharp",
    "unplugin",
  ],
});
if (!process.argv.includes("--code")) writeTypes();

function writeTypes(): void {
  const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"];
  execFileSync(process.execPath, [...tsc, "--outDir", `${fresh}/types`], { stdio: "inherit" });
}

try {
  renameSync("dist", old);
} catch {
  // There was none.
}
renameSync(fresh, "dist");
rmSync(old, { recursive: true, force: true });
