/**
 * `npm run demo:review`: the two networks that the paper review speaks of. Compiles two specs to native addons for this
 * machine, then runs a TypeScript program that imports them.
 */
import { type CheckCommand, runAll } from "./commands.js";

const inceptc = ["node", "dist/cli.js"] as const;
const specs = [
  {
    spec: "examples/simple-inception/simple-inception.incept",
    about: `The network of the review, as its code has it. The warnings are the lesson: without an
activation between them, all its convolutions are one linear map, and it is right
of 43 % of the images it was tried on.`,
  },
  {
    spec: "examples/cifar-inception/cifar-inception.incept",
    about: `The same module with what the review proposes: no warning, an eighteenth of the
parameters, and right of 80 %.`,
  },
];

const commands: CheckCommand[] = [
  { name: "bundle the compiler", command: ["npm", "run", "--silent", "bundle"] },
  ...specs.map(({ spec, about }): CheckCommand => ({
    name: `inceptc build ${spec}`,
    about,
    command: [...inceptc, "build", spec],
  })),
  {
    name: "examples/review/main.ts",
    command: [
      "node",
      "--import",
      "./dist/register.js",
      "--import",
      "tsx",
      "examples/review/main.ts",
    ],
  },
];

runAll(commands);
