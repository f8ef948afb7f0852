import { describe, expect, test } from "vitest";
import { dropout } from "../../src/ops/dropout.js";
import { flatten } from "../../src/ops/flatten.js";
import { identity } from "../../src/ops/identity.js";
import { add } from "../../src/ops/joins/add.js";
import { max } from "../../src/ops/joins/max.js";
import { mul } from "../../src/ops/joins/mul.js";
import { linear } from "../../src/ops/linear.js";
import { scale } from "../../src/ops/scale.js";
import { softmax } from "../../src/ops/softmax.js";
import { dropIdentity } from "../../src/passes/drop-identity.js";
import { GraphWriter } from "../support/graphs.js";
import { runPass } from "../support/passes.js";

const names = (nodes: readonly { readonly outputs: readonly { readonly name: string }[] }[]) =>
  nodes.map((node) => node.outputs[0]!.name);

test("dropout, identity, joins of one operand and scale by 1 go, one after the other", () => {
  const w = new GraphWriter([3, 5, 4]);
  const conv = w.conv("conv", w.input, 4);
  const drop = w.node("drop", dropout, [conv], { p: 0.5 });
  const sum = w.add("sum", w.node("same", identity, [drop], {}));
  const product = w.node("product", mul, [w.node("most", max, [sum], {})], {});
  const one = w.concat("one", product);
  const unit = w.node("unit", scale, [one], { scale: [1], shift: [0] });
  const { graph, fired } = runPass(dropIdentity, w.output(unit, "prob").graph());
  expect(names(graph.nodes)).toEqual(["conv"]);
  expect(graph.outputs).toEqual([{ name: "prob", value: conv, kind: "output" }]);
  expect(fired.flatMap(({ paths }) => paths)).toEqual([
    ...["drop", "same", "sum", "most", "product", "one", "unit"],
  ]);
  expect(fired[0]!.what).toBe("dropout left out");
});

test("a network of nothing returns its input", () => {
  const w = new GraphWriter([3, 5, 4]);
  const { graph } = runPass(dropIdentity, w.output(w.node("x", identity, [w.input], {})).graph());
  expect(graph.nodes).toEqual([]);
  expect(graph.outputs[0]!.value).toBe(w.input);
});

describe("flatten", () => {
  test("goes where only linears read it, through a dropout too", () => {
    const w = new GraphWriter([3, 5, 4]);
    const flat = w.node("flat", flatten, [w.input], {});
    const drop = w.node("drop", dropout, [flat], { p: 0.5 });
    w.output(w.node("fc", linear, [drop], { features: 7, bias: true }));
    w.output(w.node("fc2", linear, [flat], { features: 2, bias: true }));
    expect(names(runPass(dropIdentity, w.graph()).graph.nodes)).toEqual(["fc", "fc2"]);
  });

  test("goes where its input is a vector already", () => {
    const w = new GraphWriter([3, 5, 4]);
    const fc = w.node("fc", linear, [w.input], { features: 7, bias: true });
    const flat = w.node("flat", flatten, [fc], {});
    w.output(w.node("prob", softmax, [flat], {}));
    expect(names(runPass(dropIdentity, w.graph()).graph.nodes)).toEqual(["fc", "prob"]);
  });

  test("goes where nothing reads it", () => {
    const w = new GraphWriter([3, 5, 4]);
    w.node("flat", flatten, [w.input], {});
    const { graph } = runPass(dropIdentity, w.output(w.conv("a", w.input, 2)).graph());
    expect(names(graph.nodes)).toEqual(["a"]);
  });

  test("stays where another reader sees the shape", () => {
    const w = new GraphWriter([3, 5, 4]);
    const flat = w.node("flat", flatten, [w.input], {});
    const drop = w.node("drop", dropout, [flat], { p: 0.5 });
    w.output(w.node("prob", softmax, [drop], {}));
    w.output(w.node("fc", linear, [flat], { features: 2, bias: true }));
    const { graph, refused } = runPass(dropIdentity, w.graph());
    expect(names(graph.nodes)).toEqual(["flat", "prob", "fc"]);
    expect(refused).toEqual([{ paths: ["flat"], why: "softmax prob needs the flat vector" }]);
  });

  test("stays where a run returns it, through a dropout too", () => {
    const w = new GraphWriter([3, 5, 4]);
    const flat = w.node("flat", flatten, [w.input], {});
    const drop = w.node("drop", dropout, [flat], { p: 0.5 });
    const { graph, refused } = runPass(dropIdentity, w.output(drop).graph());
    expect(names(graph.nodes)).toEqual(["flat"]);
    expect(refused).toEqual([{ paths: ["flat"], why: "a run returns the flat vector" }]);
  });
});

test("it does not drop what computes: a factor, a shift, a scaled sum", () => {
  const w = new GraphWriter([2, 3, 3]);
  const shifted = w.node("shifted", scale, [w.input], { scale: [1], shift: [0, 0.5] });
  const half = w.node("half", add, [shifted], { scales: [0.5] });
  const { graph, fired } = runPass(dropIdentity, w.output(half).graph());
  expect(names(graph.nodes)).toEqual(["shifted", "half"]);
  expect(fired).toEqual([]);
});
