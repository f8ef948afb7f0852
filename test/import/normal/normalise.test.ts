import { expect, test } from "vitest";
import { folded, written } from "../../../src/import/normal/folded.js";
import { normalise } from "../../../src/import/normal/normalise.js";
import { type Rule, rule } from "../../../src/import/normal/rule.js";
import { walk } from "../../../src/import/normal/walk.js";
import { activationPrimitives } from "../../../src/ops/activations.js";
import { identity } from "../../../src/ops/identity.js";
import { scale } from "../../../src/ops/scale.js";
import { GraphWriter } from "../../support/graphs.js";
import { held, importedOf, rowsOf } from "./hold.js";

test("what no output needs goes, with its weights and names", async () => {
  const w = new GraphWriter([3, 4, 4]);
  const a = w.conv("a", w.input, 3);
  w.conv("dead", a, 5);
  const after = await held(w.output(a).graph());
  expect(rowsOf(after)).toHaveLength(1);
  expect([...after.weights.keys()].map(({ name }) => name)).toEqual(["a.weight", "a.bias"]);
  expect([...after.names.keys()].map(({ name }) => name)).toEqual(["a"]);
});

test("a norm that a file spreads over five nodes is a convolution's weights", async () => {
  const w = new GraphWriter([3, 4, 4]);
  let x = w.conv("a", w.input, 3, { size: 3, bias: false });
  const each = [0.5, 2, 4];
  x = w.node("b", scale, [x], { scale: [1], shift: each });
  x = w.node("c", identity, [x], {});
  x = w.node("d", scale, [x], { scale: each, shift: [0] });
  x = w.node("e", scale, [x], { scale: [1], shift: each });
  expect(rowsOf(await held(w.output(x).graph(), undefined, 2e-7))).toEqual([
    "e : 3 x 4x4 = conv 3x3 3 pad 1 (image) weight a.weight bias b.bias",
  ]);
});

test("folded twice, numbers are rounded once", async () => {
  const [x, third] = [Math.fround(0.1), 1 / 3];
  const affine = { factors: [third], offsets: [third], channelOf: () => 0 };
  const twice = folded(folded(written("w", [x]), affine), affine);
  expect(await twice.read()).toEqual(Float32Array.of((x * third + third) * third + third));
  expect(twice.name).toBe("w with what follows folded in");
});

test("nothing is read before it is asked for", () => {
  const w = new GraphWriter([3, 4, 4]);
  const x = w.node("b", scale, [w.conv("a", w.input, 3)], { scale: [1, 2, 3], shift: [0] });
  const imported = importedOf(w.output(x).graph());
  const unread = { name: "w", read: () => Promise.reject(new Error("read")) };
  const weights = new Map([...imported.weights.keys()].map((parameter) => [parameter, unread]));
  expect(normalise({ ...imported, weights }).graph.nodes).toHaveLength(1);
});

test("a rule that goes on and on is a bug", () => {
  const forever: Rule = rule("forever", (node) => ({ nodes: [{ ...node }] }));
  const w = new GraphWriter([3, 4, 4]);
  const a = w.node("a", activationPrimitives.relu, [w.input], {});
  const imported = importedOf(w.output(a).graph());
  expect(() => walk(imported, [forever])).toThrow("bug: forever goes on and on at a");
});

test("a network of many nodes is rewritten in as many steps", () => {
  const w = new GraphWriter([1, 1, 1]);
  let x = w.input;
  for (let i = 0; i < 20_000; i++) {
    x = w.node(`s${i}`, scale, [x], { scale: [i % 2 === 0 ? 2 : 0.5], shift: [1] });
    if (i % 50 === 0) x = w.concat(`c${i}`, x);
  }
  const { graph } = normalise(importedOf(w.output(x).graph()));
  expect(graph.nodes).toHaveLength(1);
});
