/** The examples that are built for tests and checks, and why the others are not. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../../src/emit/package.js";

const folder = packageFile("examples");

export const exampleSpec = (name: string): string => join(folder, name, `${name}.incept`);

/** Networks whose layers are of the kinds of others, judged without a build: `npm run judge:family`. */
export const judgedAsSpecs: readonly string[] = [
  "alexnet",
  "bn-inception",
  "densenet-121",
  "inception-resnet-v1",
  "inception-v4",
  "mobilenet-v2",
  "resnet-50",
  "shufflenet-v2",
  "squeezenet",
  "ssd-inception",
  "torchvision-googlenet",
  "unet",
  "xception",
];

/** Those that are compiled, which takes minutes of the larger. */
export const builtExamples: readonly string[] = readdirSync(folder).filter(
  (name) => existsSync(exampleSpec(name)) && !judgedAsSpecs.includes(name),
);
