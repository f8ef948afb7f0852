import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesBelow } from "../../scripts/commands.js";
import { withLock } from "../../src/build/cache/lock.js";
import { packageFile } from "../../src/emit/package.js";

/**
 * A folder that is made once for a key, by whichever test comes first; tests of other processes
 * wait for it. It is made where it stays: what clang precompiles knows its own place.
 *
 * @param root where it lies: what is large had better be gone after the tests, in `ofThisRun`
 * @param key all that its contents depend on
 * @param make fills the empty folder
 */
export async function kept(
  root: string,
  name: string,
  key: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 16);
  const folder = join(root, `incept-${name}-${hash}`);
  const complete = join(folder, "complete");
  const found = (): string | undefined => (existsSync(complete) ? folder : undefined);
  const work = async (): Promise<string> => {
    // What a process left that ended at work.
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await make(folder);
    writeFileSync(complete, "");
    return folder;
  };
  return found() ?? (await withLock(`${folder}.lock`, found, work, () => undefined));
}

/** Gone after the tests of this run (./objects.ts); outside of one, the temporary folder. */
export const ofThisRun = (): string => process.env.INCEPT_OBJECTS ?? tmpdir();

let known: string | undefined;

/** Changes with any source below native/ and with the versions of the packages. */
export function nativeVersion(): string {
  if (known !== undefined) return known;
  const hash = createHash("sha256").update(readFileSync(packageFile("package-lock.json")));
  const endings = [".h", ".hpp", ".cuh", ".cpp", ".cu"];
  for (const file of filesBelow([packageFile("native")], endings).sort())
    hash.update(`${file}\0`).update(readFileSync(file));
  known = hash.digest("hex");
  return known;
}
