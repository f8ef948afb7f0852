import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { BuilderRun } from "./builder.js";
import { runTool } from "./run-tool.js";

const require = createRequire(import.meta.url);

/** node-gyp for where there is no CMake; it gets Node's own headers and so downloads none. */
export const nodeGyp: BuilderRun = async ({ directory, toolchain, log, onLine }) => {
  const home = dirname(require.resolve("node-gyp/package.json"));
  const args = ["rebuild", `--nodedir=${headersPrefix()}`, "--jobs", `${availableParallelism()}`];
  const ok = await runTool({
    program: process.execPath,
    args: [join(home, "bin", "node-gyp.js"), ...args],
    directory,
    env: { CXX: process.env.CXX ?? toolchain.compiler.path },
    log,
    onLine,
  });
  return ok ? join(directory, "build", "Release", "network.node") : undefined;
};

/**
 * The prefix that this Node was installed to, with its headers.
 *
 * @throws InceptError `toolchain/no-node-headers`
 */
export function headersPrefix(execPath = process.execPath): string {
  const prefix = dirname(dirname(execPath));
  if (existsSync(join(prefix, "include", "node", "common.gypi"))) return prefix;
  throw new InceptError(
    "toolchain/no-node-headers",
    `Node's headers are not installed with it: ${join(prefix, "include", "node")} has no common.gypi.`,
    { help: "build with the default, --builder cmake-js, or install Node from nodejs.org" },
  );
}
