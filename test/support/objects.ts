import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * While the tests run, CMake compiles what many networks have in common once: ./compile-once.sh
 * stands before the compiler. Nothing is kept for the next run.
 *
 * @returns what removes the objects again
 */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "incept-objects-"));
  process.env.INCEPT_OBJECTS = folder;
  if (process.platform === "linux")
    process.env.CMAKE_CXX_COMPILER_LAUNCHER = resolve("test/support/compile-once.sh");
  return () => rmSync(folder, { recursive: true, force: true });
}
