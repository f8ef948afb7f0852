import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runSim } from "../sim/compile.js";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * Runs `calls` of the checks in a header of this folder on the simulator; what they print. Without
 * optimisation: a program of hundreds of kernels takes seconds to compile and less than one to run.
 */
export async function runChecks(
  header: string,
  calls: readonly string[],
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "incept-cuda-"));
  try {
    const program = join(folder, "program.cpp");
    const body = calls.map((call) => `  ${call};`);
    const lines = [`#include "${header}"`, "using namespace check;", "int main() {", ...body, "}"];
    await writeFile(program, lines.join("\n"));
    return await runSim([program], [`-I${here}`, "-O0"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
