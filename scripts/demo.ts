/**
 * `npm run demo`: the main job on what a clone holds. Compiles two specs to native addons for this
 * machine, then runs a TypeScript program that imports them.
 */
import { runSteps, summary, type Step } from "./steps.js";

const inceptc = ["node", "dist/cli.js"] as const;
const specs = [
  "examples/simple-inception/simple-inception.incept",
  "examples/cifar-inception/cifar-inception.incept",
];

const steps: Step[] = [
  { name: "bundle the compiler", command: ["npm", "run", "--silent", "bundle"] },
  ...specs.map((spec): Step => ({
    name: `inceptc build ${spec}`,
    command: [...inceptc, "build", spec],
  })),
  {
    name: "examples/demo/main.ts",
    command: ["node", "--import", "./dist/register.js", "--import", "tsx", "examples/demo/main.ts"],
  },
];

const results = runSteps(steps);
process.stdout.write(`\n${summary(results)}\n`);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
