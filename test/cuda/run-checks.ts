import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runSim } from "../sim/compile.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const cuda = fileURLToPath(new URL("../../native/cuda/", import.meta.url));

/** Runs `calls` of the checks in a header of this folder on the simulator; what they print. */
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
    const stage = ["stage.cpp", "workspace.cpp"].map((name) => join(cuda, name));
    return await runSim([program, ...stage], [`-I${here}`]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
