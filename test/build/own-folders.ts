import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/**
 * Gives every test of the file a user's cache and a temporary folder of its own: what it builds and
 * clears is nobody else's.
 */
export function ownFolders(): void {
  const names = ["XDG_CACHE_HOME", "TMPDIR"] as const;
  const before = names.map((name) => [name, process.env[name]] as const);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "incept-test-own-"));
    // Tests of other users have to get through.
    chmodSync(folder, 0o755);
    for (const name of names) mkdirSync((process.env[name] = join(folder, name)));
  });
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  });
}
