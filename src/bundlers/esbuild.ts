/** esbuild: the binary is a module of its own, which the loader `file` copies and gives a path for. */
import { readFile } from "node:fs/promises";
import type { BuildOptions, PluginBuild } from "esbuild";
import type { UnpluginBuildContext } from "unplugin";
import type { BinaryCode } from "../emit/bundled.js";
import type { Bundled } from "./bundled-module.js";

/** A scheme of ours: a rule for all .node files could be in the way of the user's own. */
const scheme = "incept-binary:";

/** The copied file's path is relative to the output that imports it. */
export function esbuildBinary({ binary }: Bundled, context: UnpluginBuildContext): BinaryCode {
  const file = `import file from ${JSON.stringify(scheme + binary)};`;
  const native = context.getNativeBuildContext?.();
  if (native?.framework === "esbuild" && formatOf(native.build.initialOptions) === "esm") {
    return { imports: [file], url: "new URL(file, import.meta.url)" };
  }
  const helper = `import { pathToFileURL } from "node:url";`;
  return { imports: [helper, file], url: "new URL(file, pathToFileURL(__filename))" };
}

const formatOf = ({ format, platform }: BuildOptions): string =>
  format ?? (platform === "neutral" ? "esm" : "cjs");

/** @throws TypeError where the bundle is for a browser */
function setup(build: PluginBuild): void {
  const { platform = "browser" } = build.initialOptions;
  if (platform === "browser") {
    throw new TypeError(
      `incept: .incept files are native code for Node, but the bundle is for a browser; set platform: "node".`,
    );
  }
  const filter = new RegExp(`^${scheme}`);
  build.onResolve({ filter }, ({ path }) => ({
    path: path.slice(scheme.length),
    namespace: "incept-binary",
  }));
  build.onLoad({ filter: /.*/, namespace: "incept-binary" }, async ({ path }) => ({
    contents: await readFile(path),
    loader: "file",
  }));
}

export const esbuildHooks = { onLoadFilter: /\.incept$/, setup };
