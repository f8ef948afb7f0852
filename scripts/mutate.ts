/**
 * `npm run mutate [-- FILE...]`: changes passes, plans and the choice of tiles here and there, and
 * says which changes no fast test notices. Some ten seconds a change: name the files you work on.
 */
import { spawnSync } from "node:child_process";
import { Command } from "commander";

const { args: files } = new Command("npm run mutate --")
  .description("says which changes of the code no fast test notices")
  .argument("[files...]", "what to change (default: passes, plan and the choice of tiles)")
  .parse();

const config = "scripts/mutation/stryker.config.json";
const some = files.length === 0 ? [] : ["--mutate", files.join(",")];
const { status } = spawnSync("npx", ["stryker", "run", config, ...some], { stdio: "inherit" });
process.exitCode = status ?? 1;
