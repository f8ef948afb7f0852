import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { packageFile } from "../../../src/emit/package.js";

/**
 * The package's entry points bundled as they are shipped, in a folder of the test's own inside the
 * repository, where its dependencies are found. Gives the file URL of one of them.
 */
export async function bundledPackage(): Promise<{ folder: string; url: (name: string) => string }> {
  const cache = packageFile("node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "incept-package-"));
  await build({
    entryPoints: {
      ...Object.fromEntries(
        ["index", "register", "hooks", "node-specs", "runtime"].map((name) => [
          name,
          packageFile("src", `${name}.ts`),
        ]),
      ),
      vite: packageFile("src/bundlers/for-vite.ts"),
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  return { folder, url: (name) => pathToFileURL(join(folder, `${name}.js`)).href };
}
