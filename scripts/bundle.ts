/**
 * Bundles the package into dist/: chevrotain loaded file by file costs 300 ms, in one file 60. What
 * package.json depends on stays outside; it is large, native, or loaded only by some verbs.
 *
 * Beside it go the declarations, one file an entry point, and the licences of what is bundled.
 * `--code` leaves the declarations out: they take longest, and most tests have no use for them.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { build, type Plugin } from "esbuild";
import { thirdPartyLicences } from "./third-party.js";

// Built beside and renamed, so that a program under way finds either the old bundle or the new.
const fresh = `dist.${process.pid}.new`;
const old = `dist.${process.pid}.old`;

const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
  dependencies: Readonly<Record<string, string>>;
};

const bundlers = ["vite", "rollup", "rolldown", "webpack", "rspack", "esbuild"];

/** What packages of the old kind require of Node is imported: a module has no `require`. */
const builtins: Plugin = {
  name: "builtins",
  setup(made) {
    made.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === "require-call" && isBuiltin(path) ? { path, namespace: "builtin" } : undefined,
    );
    made.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `export * from "node:${path.replace(/^node:/, "")}";`,
    }));
  },
};

const { metafile } = await build({
  entryPoints: {
    cli: "src/cli/start.ts",
    index: "src/index.ts",
    register: "src/register.ts",
    hooks: "src/hooks.ts",
    "bench-worker": "src/bench/worker.ts",
    "node-specs": "src/node-specs.ts",
    runtime: "src/runtime.ts",
    prettier: "src/prettier.ts",
    ...Object.fromEntries(bundlers.map((name) => [name, `src/bundlers/for-${name}.ts`])),
  },
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  chunkNames: "chunk-[hash]",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  plugins: [builtins],
  external: Object.keys(dependencies),
});
chmodSync(`${fresh}/cli.js`, 0o755);
writeFileSync(`${fresh}/third-party.txt`, thirdPartyLicences(Object.keys(metafile.inputs)));
if (!process.argv.includes("--code")) writeTypes();

function writeTypes(): void {
  const rollup = ["node_modules/rollup/dist/bin/rollup", "-c", "scripts/rollup-types.config.js"];
  execFileSync(process.execPath, [...rollup, "--silent", "-d", fresh], { stdio: "inherit" });
}

try {
  renameSync("dist", old);
} catch {
  // There was none.
}
renameSync(fresh, "dist");
rmSync(old, { recursive: true, force: true });
