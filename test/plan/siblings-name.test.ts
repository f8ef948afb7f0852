import { expect, test } from "vitest";
import type { Graph, Node } from "../../src/graph/graph.js";
import { mergeSiblings } from "../../src/passes/merge-siblings.js";
import { siblingsName } from "../../src/plan/siblings-name.js";
import { GraphWriter } from "../support/graphs.js";
import { runPass, traits } from "../support/passes.js";

const merged = (graph: Graph): readonly Node[] =>
  runPass(mergeSiblings, graph, traits).graph.nodes.filter(({ outputs }) => outputs.length > 1);

const namesOf = (w: GraphWriter, ...names: readonly [string, "none" | "relu"][]): string[] => {
  const values = names.map(([name, activation]) => w.conv(name, w.input, 8, { activation }));
  const graph = w.output(w.concat("y", ...values)).graph();
  return merged(graph).map(({ outputs }) =>
    siblingsName(outputs, runPass(mergeSiblings, graph, traits).graph),
  );
};

test("siblings are called after the path that they share", () => {
  const names = namesOf(new GraphWriter([3, 4, 4]), ["m.b1", "none"], ["m.b3.0", "none"]);
  expect(names).toEqual(["m:siblings"]);
});

test("two groups under one path are told apart", () => {
  const names = namesOf(
    new GraphWriter([3, 4, 4]),
    ["m.a", "relu"],
    ["m.b", "relu"],
    ["m.c", "none"],
    ["m.d", "none"],
  );
  expect(names).toEqual(["m.a:siblings", "m.c:siblings"]);
});

test("the whole path that all of them share, or the first's beginning where that is nothing", () => {
  const w = new GraphWriter([3, 4, 4]);
  const deep = w.siblings(w.input, { "net.m.b3.0": 4, "net.m.b3.1": 4, "net.m.b1": 4 });
  const apart = w.siblings(w.input, { "first.a": 4, "second.a": 4 });
  const graph = w.graph();
  expect(siblingsName(Object.values(deep), graph)).toBe("net.m:siblings");
  expect(siblingsName(Object.values(apart), graph)).toBe("first:siblings");
});

test("what is not merged shares no name with them", () => {
  const w = new GraphWriter([3, 4, 4]);
  const values = w.siblings(w.input, { "m.a": 4, "m.b": 4 });
  w.conv("m.c", w.input, 4);
  expect(siblingsName(Object.values(values), w.graph())).toBe("m:siblings");
});
