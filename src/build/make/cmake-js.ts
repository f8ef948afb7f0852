import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import type { BuilderJob, BuilderRun } from "./builder.js";
import { runTool } from "./run-tool.js";

const require = createRequire(import.meta.url);

/**
 * cmake-js with the headers of node-api-headers, which the project's package.json asks for by its
 * `napi_versions`: nothing is downloaded.
 */
export const cmakeJs: BuilderRun = async (job) =>
  (await runCmakeJs(job)) ? join(job.directory, "build", "Release", "network.node") : undefined;

/** Has CMake make all that the project's CMakeLists.txt asks for; whether it succeeded. */
export async function runCmakeJs({
  directory,
  toolchain,
  log,
  onLine,
}: BuilderJob): Promise<boolean> {
  const home = dirname(require.resolve("cmake-js/package.json"));
  const args = ["build", "--directory", directory, "--parallel", `${availableParallelism()}`];
  return runTool({
    program: process.execPath,
    args: [join(home, "bin", "cmake-js"), ...args],
    directory,
    env: {
      CXX: process.env.CXX ?? toolchain.compiler.path,
      ...(toolchain.nvcc === undefined ? {} : { CUDACXX: toolchain.nvcc.path }),
    },
    log,
    onLine,
  });
}
