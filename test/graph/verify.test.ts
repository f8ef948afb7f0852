import { describe, expect, test } from "vitest";
import { type Graph, isNode, type Node, runNodes } from "../../src/graph/graph.js";
import { type Parameter, resultValue, type Value, zeros } from "../../src/graph/value.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { batchNorm } from "../../src/ops/batchnorm.js";
import { add } from "../../src/ops/joins/add.js";
import type { Shape } from "../../src/ops/shape.js";
import { fuseActivation } from "../../src/passes/fuse-activation.js";
import { foldBatchNorm } from "../../src/passes/fold-batchnorm.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { GraphWriter } from "../support/graphs.js";
import { traits } from "../support/passes.js";

/** image -> a -> b -> j = concat(a, b) */
function sound(): Graph {
  const w = new GraphWriter([3, 4, 4]);
  const a = w.conv("a", w.input, 4);
  return w.output(w.concat("j", a, w.conv("b", a, 2, { size: 3 }))).graph();
}

const made = (name: string, shape: Shape): Value =>
  resultValue(name, { shape, dtype: "f32", extent: "image" });

/** The same graph with one node changed. */
function broken(name: string, change: (node: Node) => Partial<Node>): Graph {
  const graph = sound();
  const nodes = graph.nodes.map((node) =>
    node.outputs[0]!.name === name ? { ...node, ...change(node) } : node,
  );
  return { ...graph, nodes };
}

test("a sound graph has no problems, nor has one with prepared weights", () => {
  expect(verifyGraph(sound())).toEqual([]);
  const w = new GraphWriter([3, 4, 4]);
  const a = w.batchNorm("bn", w.conv("a", w.input, 4));
  const graph = w.output(w.concat("j", a, w.conv("b", w.input, 2))).graph();
  const prepared = [foldBatchNorm, fuseActivation, mergeSiblings].reduce(
    (g, pass) => pass.run(g, traits).graph,
    graph,
  );
  expect(runNodes(prepared)).toHaveLength(2);
  expect(verifyGraph(prepared)).toEqual([]);
});

describe("it finds", () => {
  const stranger = made("stranger", [4, 4, 4]);

  test("a value that nothing makes", () => {
    const graph = broken("b", () => ({ inputs: [stranger] }));
    expect(verifyGraph(graph)).toEqual(["conv b reads stranger, which nothing makes."]);
  });

  test("a value used before it is made", () => {
    const graph = sound();
    const nodes = [graph.nodes[1]!, graph.nodes[0]!, graph.nodes[2]!];
    expect(verifyGraph({ ...graph, nodes })).toContain("conv b reads a, which comes later.");
  });

  test("a value made twice, and two of one name", () => {
    const graph = sound();
    const twice = { ...graph, nodes: [graph.nodes[0]!, ...graph.nodes] };
    expect(verifyGraph(twice)).toEqual(["a is made twice."]);
    const named = broken("b", () => ({ outputs: [made("a", [2, 4, 4])] }));
    expect(verifyGraph(named)).toContain("Two values are called a.");
  });

  test("an output that nothing makes, and two of one name", () => {
    const graph = sound();
    const [output] = graph.outputs;
    const lost = { ...graph, outputs: [{ ...output!, value: stranger }] };
    expect(verifyGraph(lost)).toContain("Output j is stranger, which nothing makes.");
    expect(verifyGraph({ ...graph, outputs: [output!, output!] })).toEqual([
      "Two outputs are called j.",
    ]);
  });

  test("a node that no output needs", () => {
    const graph = sound();
    const outputs = [{ ...graph.outputs[0]!, value: graph.nodes[0]!.outputs[0]! }];
    expect(verifyGraph({ ...graph, outputs })).toEqual([
      "conv b makes nothing that an output needs.",
      "concat j makes nothing that an output needs.",
    ]);
  });

  test("a shape that the operation does not give", () => {
    const graph = broken("j", () => ({ outputs: [made("j", [7, 4, 4])] }));
    expect(verifyGraph(graph)).toContain("j is 7 x 4x4 but should be 6 x 4x4.");
  });

  test("operands that do not fit, and attributes that do not fit them", () => {
    const stride = broken("b", ({ attrs }) => ({
      attrs: { ...(attrs as object), stride: [2, 2] },
      outputs: [made("b", [2, 2, 2])],
    }));
    const b = stride.nodes[1]!.outputs[0]!;
    const nodes = stride.nodes.map((node, i) =>
      i === 2 ? { ...node, inputs: [node.inputs[0]!, b] } : node,
    );
    expect(verifyGraph({ ...stride, nodes })).toEqual(["concat j joins 4 x 4x4 and 2 x 2x2."]);
    const w = new GraphWriter([3, 4, 4]);
    const sum = w.node("s", add, [w.conv("a", w.input, 3), w.input], { scales: [1] });
    expect(verifyGraph(w.output(sum).graph())).toEqual(["add s has attributes for 1 operands."]);
    const split = broken("b", ({ attrs }) => ({ attrs: { ...(attrs as object), split: [1, 2] } }));
    expect(verifyGraph(split)).toEqual(["conv b splits 2 channels into 3."]);
  });

  test("a weight that is absent, unwanted or of another shape", () => {
    const without = broken("b", ({ weights }) => ({ weights: { weight: weights["weight"]! } }));
    expect(verifyGraph(without)).toEqual(["conv b lacks its bias."]);
    const extra = broken("b", ({ weights }) => ({
      weights: { ...weights, gamma: weights["bias"]! },
    }));
    expect(verifyGraph(extra)).toEqual(["conv b has no use for a gamma."]);
    const wrong = broken("b", ({ weights }) => ({
      weights: { ...weights, bias: { ...weights["bias"]!, shape: [3] } },
    }));
    expect(verifyGraph(wrong)).toEqual(["b.bias is 3 but should be 2."]);
  });

  test("a result of another number type, or of another extent", () => {
    const bytes = broken("j", ({ outputs }) => ({ outputs: [{ ...outputs[0]!, dtype: "u8" }] }));
    expect(verifyGraph(bytes)).toContain("j is u8 but should be f32.");
    const once = broken("j", ({ outputs }) => ({ outputs: [{ ...outputs[0]!, extent: "batch" }] }));
    expect(verifyGraph(once)).toContain("j is one a run but should be one an image.");
  });
});

describe("of what prepares weights", () => {
  /** image -> a, with its weights stacked from two halves. */
  function stacked(change: (stack: Node) => Partial<Node> = () => ({})): Graph {
    const w = new GraphWriter([3, 4, 4]);
    const graph = w.output(w.concat("j", w.conv("a", w.input, 4), w.conv("b", w.input, 2))).graph();
    const merged = mergeSiblings.run(graph, traits).graph;
    const nodes = merged.nodes.map((node, i) => (i === 0 ? { ...node, ...change(node) } : node));
    return { ...merged, nodes };
  }

  test("it finds what does not fit", () => {
    expect(verifyGraph(stacked())).toEqual([]);
    const ragged = stacked(({ inputs }) => ({ inputs: [inputs[0]!, zeros([2, 2, 1, 1])] }));
    expect(verifyGraph(ragged)).toEqual([
      "concat a+b.weight joins 4 x 3 x 1 x 1 and 2 x 2 x 1 x 1.",
    ]);
    const longer = stacked(({ inputs }) => ({ inputs: [...inputs, zeros([2, 3, 1, 1])] }));
    expect(verifyGraph(longer)).toEqual([
      "a+b.weight is 6 x 3 x 1 x 1 but should be 8 x 3 x 1 x 1.",
    ]);
  });

  test("it comes first", () => {
    const graph = stacked();
    const late = { ...graph, nodes: [...graph.nodes.slice(1), graph.nodes[0]!] };
    expect(verifyGraph(late)).toContain(
      "concat a+b.weight prepares weights but comes after conv a.",
    );
  });

  test("no parameter has two shapes, but a step may be called as one", () => {
    const graph = sound();
    const [a, b, j] = graph.nodes;
    const weight = { ...b!.weights["weight"]!, name: "a.weight" };
    const twice = { ...graph, nodes: [a!, { ...b!, weights: { ...b!.weights, weight } }, j!] };
    expect(verifyGraph(twice)).toEqual(["Two values are called a.weight."]);
    const w = new GraphWriter([3, 4, 4]);
    const named = w.output(w.conv("a.weight", w.conv("a", w.input, 4), 2)).graph();
    expect(verifyGraph(named)).toEqual([]);
  });
});

describe("of what states become", () => {
  /** image -> a batchnorm of a convolution, whose mean becomes a value of the graph. */
  function updated(value: (graph: Graph) => Value): Graph {
    const w = new GraphWriter([3, 4, 4]);
    const graph = w.output(w.batchNorm("n", w.conv("a", w.input, 3))).graph();
    const norm = graph.nodes.find((node) => isNode(node, batchNorm))!;
    const state = norm.weights["running_mean"] as Parameter;
    return { ...graph, updates: [{ state, value: value(graph) }] };
  }

  test("it is made, once a run, and of the state's shape", () => {
    expect(verifyGraph(updated(() => made("m", [3])))).toEqual([
      "n.running_mean becomes m, which nothing makes.",
    ]);
    expect(verifyGraph(updated(({ nodes }) => nodes[0]!.outputs[0]!))).toEqual([
      "n.running_mean becomes a, which is one an image.",
    ]);
  });

  test("what it needs is not dead, and a state has one of it", () => {
    const graph = updated(({ nodes }) => nodes[0]!.outputs[0]!);
    const [conv] = graph.nodes;
    const alone = { ...graph, nodes: [conv!], outputs: [] };
    expect(verifyGraph(alone).filter((problem) => problem.includes("makes nothing"))).toEqual([]);
    const twice = { ...graph, updates: [...graph.updates, ...graph.updates] };
    expect(verifyGraph(twice)).toContain("n.running_mean is updated twice.");
  });
});
