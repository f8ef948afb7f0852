import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Tests of the command line and of the import hook run what is shipped: the bundle. */
export function setup(): void {
  if (!isFresh("dist/cli.js")) bundle("--code");
}

/** For tests of what is installed: the bundle with its declarations. */
export function wholeBundle(): void {
  if (!isFresh("dist/cli.js") || !existsSync("dist/index.d.ts")) bundle();
}

const bundle = (...flags: readonly string[]): unknown =>
  execFileSync(process.execPath, ["--import", "tsx", "scripts/bundle.ts", ...flags], {
    stdio: "inherit",
  });

const isFresh = (file: string): boolean =>
  existsSync(file) && statSync(file).mtimeMs > newest(["src", "grammar", "scripts"]);

const newest = (folders: readonly string[]): number =>
  Math.max(
    ...folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
        (name) => statSync(join(folder, name)).mtimeMs,
      ),
    ),
  );
