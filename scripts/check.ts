/** `npm run check`: everything that must hold before a change lands, the tests last. */
import { Command } from "commander";
import { type CheckCommand, filesBelow, runAll } from "./commands.js";

const { static: withoutTests } = new Command("npm run check --")
  .description("checks everything that must hold before a change lands, the tests last")
  .option("--static", "all but the tests", false)
  .parse()
  .opts<{ static: boolean }>();
const cpp = filesBelow(["native", "bench"], [".h", ".hpp", ".cpp", ".cu", ".cuh"]);

const commands: CheckCommand[] = [
  { name: "types", command: ["npx", "tsc", "--noEmit"] },
  { name: "lint", command: ["npx", "eslint", "--max-warnings=0", "."] },
  { name: "Prettier", command: ["npx", "prettier", "--check", "--log-level=warn", "."] },
  {
    name: "specs",
    command: ["npx", "tsx", "src/cli/main.ts", "fmt", "--check", "examples", "codegen-templates"],
  },
  { name: "clang-format", command: ["npx", "clang-format", "--dry-run", "-Werror", ...cpp] },
  {
    name: "layers",
    command: ["npx", "depcruise", "--config", ".dependency-cruiser.cjs", "src", "grammar"],
  },
  { name: "generated files", command: ["npx", "vitest", "run", "generated"] },
  ...(withoutTests ? [] : [{ name: "tests", command: ["npm", "test"] } satisfies CheckCommand]),
];

runAll(commands);
