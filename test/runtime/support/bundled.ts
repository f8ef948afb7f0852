import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { packageFile } from "../../../src/emit/package.js";

/**
 * A script of test/runtime/fixtures with the runtime in it, as one file that plain Node runs:
 * worker_threads and child processes then start without a TypeScript loader.
 */
export async function bundled(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "incept-bundled-"));
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
