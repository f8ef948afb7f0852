import { expect, it } from "vitest";
import { cleaned, Parts } from "../../../src/import/raise/hints.js";
import type { CallStep } from "../../../src/import/raise/tree.js";

it("drops what exporters number, and says no name twice", () => {
  expect(cleaned(["r73"])).toEqual([]);
  expect(cleaned(["Relu_output_0"])).toEqual([]);
  expect(cleaned(["inception3a", "branch4", "branch4", "0"])).toEqual([
    "inception3a",
    "branch4",
    "0",
  ]);
  expect(cleaned(["fc6"])).toEqual(["fc6"]);
});

it("sees through the shell of a network to its parts", () => {
  const hints = ["conv0", "conv0", "block1", "block1", "block1", "block2", "block2"].map((part) => [
    "features",
    part,
    "x",
  ]);
  const step = (hint: readonly string[]): CallStep => ({
    kind: "call",
    name: "relu",
    args: [],
    entering: 8,
    hint,
  });
  const parts = new Parts([...hints, ["classifier"]]);
  expect(parts.of(step(hints[2]!))).toEqual(["features", "block1"]);
  expect(parts.of(step(["classifier"]))).toEqual(["classifier"]);
});
