import { expect, test } from "vitest";
import { dropUnused } from "../../src/passes/drop-unused.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass } from "../support/passes.js";
import { verifyGraph } from "../../src/graph/verify.js";

test("nodes that no output needs go, however long their chain", () => {
  const w = new GraphWriter([3, 6, 6]);
  const a = w.conv("a", w.input, 4);
  const dead = w.conv("dead", a, 5);
  w.conv("deader", dead, 6);
  const graph = w.output(w.conv("b", a, 2)).graph();
  expect(verifyGraph(graph)).toHaveLength(2);
  const { graph: after, fired } = runPass(dropUnused, graph);
  expect(after.nodes.map((node) => node.outputs[0]!.name)).toEqual(["a", "b"]);
  const what = "conv left out: no output needs it";
  expect(fired).toEqual([
    { paths: ["dead"], what },
    { paths: ["deader"], what },
  ]);
});

test("it does not touch a graph whose every node is needed", () => {
  const w = new GraphWriter([3, 6, 6]);
  const a = w.conv("a", w.input, 4);
  const graph = w
    .output(w.concat("c", a, w.conv("b", a, 2)))
    .output(a, "features")
    .graph();
  const { graph: after, fired } = runPass(dropUnused, graph);
  expect(nodeRows(after)).toEqual(nodeRows(graph));
  expect(fired).toEqual([]);
});

test("it does not touch a node of which one result is needed", () => {
  const w = new GraphWriter([3, 6, 6]);
  const { a } = w.siblings(w.input, { a: 4, b: 2 });
  const graph = w.output(a).graph();
  const { graph: after, fired } = runPass(dropUnused, graph);
  expect(nodeRows(after)).toEqual(nodeRows(graph));
  expect(fired).toEqual([]);
});
