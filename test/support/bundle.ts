import { execFileSync } from "node:child_process";

/** Tests of the command line and of the import hook run what is shipped: the bundle. */
export function setup(): void {
  execFileSync(process.execPath, ["--import", "tsx", "scripts/bundle.ts"], { stdio: "inherit" });
}
