import { describe, expect, test } from "vitest";
import type { Graph, Node, Tensor, Value } from "../../src/graph/graph.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { add } from "../../src/ops/joins/add.js";
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

/** The same graph with one node changed. */
function broken(name: string, change: (node: Node) => Partial<Node>): Graph {
  const graph = sound();
  const nodes = graph.nodes.map((node) =>
    node.outputs[0]!.name === name ? { ...node, ...change(node) } : node,
  );
  return { ...graph, nodes };
}

test("a sound graph has no problems, nor has one with prepare steps", () => {
  expect(verifyGraph(sound())).toEqual([]);
  const w = new GraphWriter([3, 4, 4]);
  const a = w.batchNorm("bn", w.conv("a", w.input, 4));
  const graph = w.output(w.concat("j", a, w.conv("b", w.input, 2))).graph();
  const prepared = [foldBatchNorm, fuseActivation, mergeSiblings].reduce(
    (g, pass) => pass.run(g, traits).graph,
    graph,
  );
  expect(prepared.nodes).toHaveLength(2);
  expect(verifyGraph(prepared)).toEqual([]);
});

describe("it finds", () => {
  const stranger: Value = { name: "stranger", shape: [4, 4, 4] };

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
    const named = broken("b", () => ({ outputs: [{ name: "a", shape: [2, 4, 4] }] }));
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
    const graph = broken("j", () => ({ outputs: [{ name: "j", shape: [7, 4, 4] }] }));
    expect(verifyGraph(graph)).toContain("j is 7 x 4x4 but should be 6 x 4x4.");
  });

  test("operands that do not fit, and attributes that do not fit them", () => {
    const stride = broken("b", ({ attrs }) => ({
      attrs: { ...(attrs as object), stride: [2, 2] },
      outputs: [{ name: "b", shape: [2, 2, 2] }],
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

  test("a prepare step that does not yield what its result claims", () => {
    const rows = (shapes: readonly (readonly number[])[]) =>
      broken("b", ({ weights }) => {
        const bias: Tensor = {
          kind: "prepared",
          name: "rows",
          shape: [2],
          step: { kind: "concat-rows", inputs: shapes.map(() => undefined), shapes },
          result: "rows",
        };
        return { weights: { ...weights, bias } };
      });
    expect(verifyGraph(rows([[1], [1]]))).toEqual([]);
    expect(verifyGraph(rows([[1], [2]]))).toEqual(["rows is 2 but should be 3."]);
    const ragged = "rows: rows of 1 x 3 do not stack with the others.";
    expect(verifyGraph(rows([[1], [1, 3]]))).toEqual([ragged]);
  });
});
