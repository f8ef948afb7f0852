/** Every pass can be left out: the others give the same numbers, and targets take what is left. */
import { describe, expect, test } from "vitest";
import { projectOf } from "../../src/build/project/project.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { buildGraph } from "../../src/graph/build.js";
import { type Graph, runNodes } from "../../src/graph/graph.js";
import { readSource } from "../../src/model/sources/files.js";
import { inference, type Pipeline, without } from "../../src/passes/pipelines.js";
import { runPasses } from "../../src/passes/run.js";
import { GraphWriter } from "../support/graphs.js";
import { networkOf } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { expectSameNumbers, traits } from "../support/passes.js";

const names = inference.map(({ name }) => name);

/** Of the random networks some small ones, with what nothing reads once an aux head is left out. */
const seeds = [1, 2, 3, 5, 6, 8, 9, 12, 13, 17];
const written = seeds.map((seed) => buildGraph(networkOf(randomNetwork(seed))));

describe.each(names)("without %s", (name) => {
  const pipeline: Pipeline = without(inference, [name]);

  test("all others run", () => {
    expect(pipeline.map((pass) => pass.name)).toEqual(names.filter((other) => other !== name));
  });

  test.each(seeds.map((seed, i) => ({ seed, graph: written[i]! })))(
    "network $seed says the same",
    ({ seed, graph }) => {
      expectSameNumbers(graph, runPasses(graph, traits, pipeline).graph, seed);
    },
  );

  test.each(["cpu", "cuda-sim"] as const)("the examples are lowered for %s", (target) => {
    for (const example of ["googlenet", "inception-v3"]) {
      const spec = `examples/${example}/${example}.incept`;
      const request = { spec, network: networkOf(readSource(spec)), target, without: [name] };
      const { program } = projectOf(request, { ...variantOf(request), levels: ["avx2"] });
      expect(program.convolutions).toBe(example === "googlenet" ? 57 : 94);
    }
  });
});

describe("what nothing reads", () => {
  const graph = (): Graph => {
    const w = new GraphWriter([3, 4, 4]);
    w.conv("unread", w.conv("a", w.input, 16), 8);
    return w.output(w.conv("b", w.input, 16)).graph();
  };
  const made = (graph: Graph): readonly string[] =>
    runNodes(graph).flatMap(({ outputs }) => outputs.map(({ name }) => name));

  test("may stay, where it is as written", () => {
    const most = without(inference, ["drop-unused"]);
    expect(made(runPasses(graph(), traits, most).graph)).toEqual(["a", "b", "unread"]);
    expect(made(runPasses(graph(), traits).graph)).toEqual(["b"]);
  });

  test("must not be left over by a pass", () => {
    const wasteful = {
      name: "wasteful",
      run: (given: Graph) => ({
        graph: { ...given, outputs: given.outputs.map((o) => ({ ...o, value: given.inputs[0]! })) },
        fired: [],
        refused: [],
      }),
    };
    expect(() => runPasses(graph(), traits, [wasteful])).toThrow(
      "bug: wasteful left a broken graph:\nconv b makes nothing that an output needs.",
    );
  });
});
