import { expect, test } from "vitest";
import { runChecks } from "./run-checks.js";

test("prepared weights are channels last and rounded", async () => {
  const precisions = ["f32", "tf32", "f16", "bf16"];
  const calls = precisions.map((precision) => `check_pack<${precision}>()`);
  const one = ["ok conv", "ok linear of an image", "ok linear of a vector", "ok bias"];
  const lines = await runChecks("packing.hpp", [...calls, "check_pack_numbers()"]);
  expect(lines).toEqual([...precisions.flatMap(() => one), "ok numbers"]);
});
