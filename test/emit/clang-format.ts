import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { packageFile } from "../../src/emit/package.js";

const require = createRequire(import.meta.url);

/** What clang-format says of the C++ files; nothing if they are as it wants them. */
export function formatComplaints(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "incept-format-"));
  try {
    copyFileSync(packageFile(".clang-format"), join(folder, ".clang-format"));
    const sources = [...files.keys()].filter((name) => /\.(cpp|hpp|cu)$/.test(name));
    for (const name of sources) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), files.get(name)!);
    }
    const tool = join(require.resolve("clang-format-node/package.json"), "../build/cli.js");
    execFileSync(process.execPath, [tool, "--dry-run", "-Werror", ...sources], {
      cwd: folder,
      stdio: "pipe",
    });
    return "";
  } catch (error) {
    return String((error as { stderr?: Buffer }).stderr ?? error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
