import { expect, it } from "vitest";
import type { Graph, Node } from "../../src/graph/graph.js";
import { chains } from "../../src/emit/chains.js";
import { chainsOf } from "../../src/targets/prepare.js";
import type { PlannedPreparation } from "../../src/plan/prepare.js";
import type { PrepareSection } from "../../src/targets/program.js";
import { foldBatchNorm } from "../../src/passes/fold-batchnorm.js";
import { GraphWriter } from "../support/graphs.js";
import { traits } from "../support/passes.js";

/** Folded convolutions side by side, `count` of them, and what folds each one's weights. */
function folded(count: number): { readonly graph: Graph; readonly folds: readonly Node[] } {
  const w = new GraphWriter([4, 4, 4]);
  const all = Array.from({ length: count }, (_, i) =>
    w.batchNorm(`bn${i}`, w.conv(`c${i}`, w.input, 4, { bias: false })),
  );
  const { graph } = foldBatchNorm.run(w.output(w.concat("y", ...all)).graph(), traits);
  const folds = graph.nodes.filter(({ primitive }) => primitive.name === "fold-batchnorm");
  return { graph, folds };
}

/** That a later node reads what the nodes before it have made. */
const reading = (node: Node, ...makers: readonly Node[]): Node => ({
  ...node,
  weights: { ...node.weights, bias: makers[0]!.outputs[0]! },
  inputs: makers.slice(1).map(({ outputs }) => outputs[0]!),
});

it("preparations that hand nothing to one another may run side by side", () => {
  const { graph, folds } = folded(5);
  const reader = graph.nodes.at(-1)!;
  const [a, b, c, d, e] = folds as [Node, Node, Node, Node, Node];
  const of = (...nodes: readonly Node[]): readonly number[] =>
    chainsOf({
      preparations: nodes.map((node): PlannedPreparation => ({ reader, nodes: [node] })),
    });
  expect(of(a, b, c)).toEqual([0, 1, 2]);
  expect(of(a, b, reading(c, a))).toEqual([0, 1, 0]);
  expect(of(a, b, reading(c, a), reading(d, c))).toEqual([0, 1, 0, 0]);
  // What links two chains makes one of them, with all that belongs to either.
  expect(of(a, b, reading(c, b), reading(d, a), reading(e, c, d))).toEqual([0, 0, 0, 0, 0]);
});

it("keep the order of the program in a chain", () => {
  const section = (name: string, chain: number): PrepareSection => {
    return { chain, paths: [name], what: name, instructions: [] };
  };
  const parts = chains([section("a", 0), section("b", 1), section("c", 0), section("d", 3)]);
  expect(parts.map((part) => part.map(({ what }) => what))).toEqual([["a", "c"], ["b"], ["d"]]);
});
