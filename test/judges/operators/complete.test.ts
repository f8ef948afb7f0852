import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { joins } from "../../../src/ops/joins/joins.js";
import { operators } from "../../../src/ops/registry.js";
import { primitives } from "../../../src/ops/registry.js";
import { families } from "./cases.js";
import { networks } from "./judge.js";

test("every operator of the language is judged, and every primitive", () => {
  const judged = Object.values(networks).flat();
  // `expect` computes nothing and builds nothing; `bilinear` is upsample's other primitive,
  // `pooledconv` what a pass makes of two.
  expect(judged.toSorted()).toEqual(
    [...operators.keys(), ...joins.keys(), "residual", "pooledconv", "bilinear"]
      .filter((name) => name !== "expect")
      .sort(),
  );
  const reached = new Set(judged.map((name) => families[name]!.primitive));
  expect([...reached].sort()).toEqual([...primitives.keys()].sort());
});

test.each(Object.keys(networks))("%s has its file", (name) => {
  expect(existsSync(new URL(`${name}.test.ts`, import.meta.url))).toBe(true);
});
