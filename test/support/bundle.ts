import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Tests of the command line and of the import hook run what is shipped: the bundle. */
export function setup(): void {
  const bundle = "dist/cli.js";
  if (existsSync(bundle) && statSync(bundle).mtimeMs > newest(["src", "grammar", "scripts"]))
    return;
  const args = ["--import", "tsx", "scripts/bundle.ts", "--code"];
  execFileSync(process.execPath, args, { stdio: "inherit" });
}

const newest = (folders: readonly string[]): number =>
  Math.max(
    ...folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
        (name) => statSync(join(folder, name)).mtimeMs,
      ),
    ),
  );
