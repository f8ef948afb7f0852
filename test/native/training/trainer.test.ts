import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { handMade } from "./build.js";

const notFinite = (step: number, where: string): string =>
  `train/not-finite: Step ${step} of Hand is not finite: the first NaN or infinity is in ${where}.`;

/** What the program prints besides its checks. */
const failures = [
  `a bad input: ${notFinite(2, "the input x")}`,
  `an input that is too large: ${notFinite(2, "loss: sum (hand.incept:3:1)")}`,
  `a layer: ${notFinite(2, "off: subtract (hand.incept:1:1)")}`,
  `a gradient: ${notFinite(2, "the gradient of weight")}`,
  `a state: ${notFinite(2, "what becomes of mean")}`,
  `a bad parameter: ${notFinite(1, "the parameter bias")}`,
  "no images: train/batch: The batch is 0, the trainer was made for 1 to 8 images.",
  "too many images: train/batch: The batch is 9, the trainer was made for 1 to 8 images.",
  "second moment: train/kept: Stochastic gradient descent keeps one moment, not two.",
  "average: train/kept: The trainer was not made to keep an average.",
  "null leaves out: succeeded",
  "missing: weights/missing: 3 of 4 parameters of Hand are missing: frozen, mean, bias",
  "shape: weights/shape: bias holds 2 values, Hand expects 6.",
  "batch: train/batch: The batch is 0, a trainer takes 1 to 2147483647 images.",
  "optimizer: train/optimizer: There is no optimizer 9.",
];

test("a trainer follows its gradients, to the bit with any threads, and survives a bad batch", async () => {
  const { program } = await handMade();
  const lines = execFileSync(program, { encoding: "utf8" }).trim().split("\n");
  const checks = lines.filter((line) => /^(ok|FAIL) /.test(line));
  expect(checks.filter((line) => !line.startsWith("ok"))).toEqual([]);
  expect(checks.length).toBe(41);
  expect(lines.filter((line) => !checks.includes(line))).toEqual(failures);
});
