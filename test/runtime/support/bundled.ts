import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import { packageFile } from "../../../src/emit/package.js";

/**
 * A script of test/runtime/fixtures with the runtime in it, as one file that plain Node runs:
 * worker_threads and child processes then start without a TypeScript loader.
 */
export async function bundled(name: string): Promise<string> {
  // Within the repository, where its packages are found.
  const into = packageFile("build");
  mkdirSync(into, { recursive: true });
  const folder = mkdtempSync(join(into, "bundled-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, name.replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [packageFile("test", "runtime", "fixtures", name)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    external: ["./compile.js"],
    logLevel: "error",
  });
  return outfile;
}
