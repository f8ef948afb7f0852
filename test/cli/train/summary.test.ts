import { expect, test } from "vitest";
import { modelFlags } from "../../../src/cli/train/summary.js";

test("the commands that are told pick the same network out of the spec", () => {
  expect(modelFlags({})).toEqual([]);
  const all = { set: { classes: "5", size: "64 x" }, model: "Net", root: "/all my/specs" };
  expect(modelFlags(all)).toEqual([
    "--set classes=5",
    "--set 'size=64 x'",
    "--model Net",
    "--root '/all my/specs'",
  ]);
});
