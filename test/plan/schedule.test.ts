import { expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { nothingPlaced, placeViews } from "../../src/plan/place.js";
import { schedule } from "../../src/plan/schedule.js";
import { GraphWriter } from "../support/graphs.js";

const { relu } = activationPrimitives;

/** a and b of the image, j of both, c of j. */
function joined(): Graph {
  const w = new GraphWriter([16, 4, 4]);
  const j = w.concat("j", w.conv("a", w.input, 16), w.conv("b", w.input, 16));
  return w
    .output(w.node("c", relu, [j], {}))
    .output(w.input, "same")
    .graph();
}

const levels = (graph: Graph, placement = nothingPlaced, loadsInputs = false) => {
  const copied = graph.outputs.map(({ value }) => value);
  const { momentOf, inputs, copies } = schedule(
    graph,
    placement,
    { order: "levels", loadsInputs },
    copied,
  );
  return {
    input: inputs.get(graph.inputs[0]!)?.level,
    nodes: graph.nodes.map((node) => momentOf.get(node)!.level),
    copies: copies.map(({ level }) => level),
  };
};

test("every step comes as early as what it reads, a copy of an output too", () => {
  expect(levels(joined())).toEqual({ input: undefined, nodes: [0, 0, 1, 2], copies: [3, 0] });
});

test("to bring the input into the arena is the first step, where the target does that", () => {
  const staged = { input: 0, nodes: [1, 1, 2, 3], copies: [4, 1] };
  expect(levels(joined(), nothingPlaced, true)).toEqual(staged);
});

test("a concat that copies nothing takes no level", () => {
  const graph = joined();
  const placement = placeViews(graph, { sliceStarts: () => true });
  expect(levels(graph, placement)).toEqual({
    input: undefined,
    nodes: [0, 0, 0, 1],
    copies: [2, 0],
  });
});
