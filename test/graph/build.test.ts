import { describe, expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { parametersOf } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { networkOf } from "../support/network.js";

const small = `
module Two(n) { concat { a: conv(1x1, n)  b: conv(1x1, 2) -> conv(3x3, n, norm: batchnorm, act: relu) } }
model Small(classes = 4) {
  input image: f32[3, 6, 5]
  stem: conv(3x3/2, 8, pad: same, act: relu) -> expect(8, 3, 3)
  mixed: Two(4)
  aux side: globalavgpool -> linear(2) as side_fc
  deep: repeat(2) { residual(scale: 0.5) { conv(1x1, in) -> relu } -> lrn(3) }
  output prob: globalavgpool -> dropout(0.4) -> linear(classes) as fc -> softmax
  output early: from stem -> identity
}`;

test("a network is flattened node by node, named by structural path", () => {
  const graph = buildGraph(networkOf(small));
  expect(verifyGraph(graph)).toEqual([]);
  expect(printGraph(graph)).toBe(`Small (image : 3 x 6x5) -> prob: prob.3, early
stem.0:conv : 8 x 3x3 = conv 3x3/2 8 pad 1 (image) weight stem.0.weight bias stem.0.bias
stem.0 : 8 x 3x3 = relu (stem.0:conv)
mixed.a : 4 x 3x3 = conv 1x1 4 (stem.0) weight mixed.a.weight bias mixed.a.bias
mixed.b.0 : 2 x 3x3 = conv 1x1 2 (stem.0) weight mixed.b.0.weight bias mixed.b.0.bias
mixed.b.1:conv : 4 x 3x3 = conv 3x3 4 pad 1 no bias (mixed.b.0) weight mixed.b.1.conv.weight
mixed.b.1:batchnorm : 4 x 3x3 = batchnorm eps 0.00001 (mixed.b.1:conv) weight mixed.b.1.bn.weight bias mixed.b.1.bn.bias running_mean mixed.b.1.bn.running_mean running_var mixed.b.1.bn.running_var
mixed.b.1 : 4 x 3x3 = relu (mixed.b.1:batchnorm)
mixed : 8 x 3x3 = concat (mixed.a, mixed.b.1)
deep.0.0.0 : 8 x 3x3 = conv 1x1 8 (mixed) weight deep.0.0.0.weight bias deep.0.0.0.bias
deep.0.0.1 : 8 x 3x3 = relu (deep.0.0.0)
deep.0.0 : 8 x 3x3 = add scales 1, 0.5 (mixed, deep.0.0.1)
deep.0.1 : 8 x 3x3 = lrn 3 alpha 0.0001 beta 0.75 k 1 (deep.0.0)
deep.1.0.0 : 8 x 3x3 = conv 1x1 8 (deep.0.1) weight deep.1.0.0.weight bias deep.1.0.0.bias
deep.1.0.1 : 8 x 3x3 = relu (deep.1.0.0)
deep.1.0 : 8 x 3x3 = add scales 1, 0.5 (deep.0.1, deep.1.0.1)
deep.1.1 : 8 x 3x3 = lrn 3 alpha 0.0001 beta 0.75 k 1 (deep.1.0)
prob.0 : 8 x 1x1 = adaptiveavgpool 1x1 (deep.1.1)
prob.1 : 8 x 1x1 = dropout 0.4 (prob.0)
prob.2 : 4 = linear 4 (prob.1) weight fc.weight bias fc.bias
prob.3 : 4 = softmax (prob.2)
early : 8 x 3x3 = identity (stem.0)
`);
});

test("an aux head is left out with its parameters unless it is asked for", () => {
  const network = networkOf(small);
  const names = (aux: boolean): readonly string[] =>
    parametersOf(buildGraph(network, { aux })).map(({ name }) => name);
  expect(names(false)).not.toContain("side_fc.weight");
  expect(names(true)).toEqual(expect.arrayContaining([...names(false), "side_fc.weight"]));
  expect(buildGraph(network, { aux: true }).outputs.map(({ name, kind }) => [name, kind])).toEqual([
    ["side", "aux"],
    ["prob", "output"],
    ["early", "output"],
  ]);
});

test("a residual of one step keeps the path for its result", () => {
  const network = networkOf(
    "model R { input image: f32[4, 3, 3]  r: residual { conv(1x1, in) }  output o: from r -> relu }",
  );
  const graph = buildGraph(network, { taps: ["r"] });
  expect(verifyGraph(graph)).toEqual([]);
  expect(graph.outputs.find(({ name }) => name === "r")!.value.name).toBe("r");
  expect(graph.nodes.map(({ primitive }) => primitive.name)).toEqual(["conv", "add", "relu"]);
  expect(graph.nodes[1]!.outputs[0]!.name).toBe("r");
});

describe("taps", () => {
  const network = networkOf(small);
  const tapped = (path: string): string =>
    buildGraph(network, { taps: [path] }).outputs.find(({ name }) => name === path)!.value.name;

  test.each([
    ["stem", "stem.0"],
    ["stem.1", "stem.0"],
    ["mixed", "mixed"],
    ["mixed.a", "mixed.a"],
    ["mixed.b", "mixed.b.1"],
    ["mixed.b.0", "mixed.b.0"],
    ["deep", "deep.1.1"],
    ["deep.0", "deep.0.1"],
    ["deep.0.0", "deep.0.0"],
    ["prob.2", "prob.2"],
  ])("%s is %s", (path, value) => {
    expect(tapped(path)).toBe(value);
  });

  test("follow the outputs, each once, and an output's own name is no second one", () => {
    const { outputs } = buildGraph(network, { taps: ["mixed", "prob", "stem", "mixed"] });
    expect(outputs.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "output prob",
      "output early",
      "tap mixed",
      "tap stem",
    ]);
  });

  test("of no step are refused with the nearest one", () => {
    expect(() => tapped("mixd.b")).toThrow(
      new RangeError("No step has the path mixd.b. Did you mean mixed.b?"),
    );
    expect(() => tapped("side.1")).toThrow(RangeError);
  });
});
