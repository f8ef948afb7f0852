import { describe, expect, test } from "vitest";
import type { Graph } from "../../src/graph/graph.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { adaptiveAvgPool } from "../../src/ops/adaptive-pool.js";
import { linear } from "../../src/ops/linear.js";
import { avgPool, maxPool } from "../../src/ops/pool2d.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { noPads } from "../../src/ops/window.js";
import { OnnxModel } from "../support/onnxruntime.js";
import { oneNode } from "./one-node.js";

const { relu } = activationPrimitives;

async function run(graph: Graph, x: readonly number[], weights = new Map<string, Float32Array>()) {
  const model = await OnnxModel.open(graph, exportOnnx(graph, weights));
  const outputs = await model.run(Float32Array.from(x));
  await model.close();
  return outputs;
}

const ones = { top: 1, left: 1, bottom: 1, right: 1 };

describe("averages divide by what counts", () => {
  // Windows over columns -1..1 and 1..3 of three.
  const window = { kernel: [1, 3], stride: [1, 2], ceil: true } as const;
  const sides = { top: 0, left: 1, bottom: 0, right: 1 };

  test("the padding too", async () => {
    const graph = oneNode(avgPool, { ...window, pads: sides, countPad: true }, [1, 1, 3]);
    const outputs = await run(graph, [3, 6, 12]);
    expect([...outputs.get("y")!]).toEqual([3, 6]);
  });

  test("the input alone with count_pad: false", async () => {
    const graph = oneNode(avgPool, { ...window, pads: sides, countPad: false }, [1, 1, 3]);
    const outputs = await run(graph, [3, 6, 12]);
    expect([...outputs.get("y")!]).toEqual([4.5, 9]);
  });

  test("never the overhang of ceil mode", async () => {
    const attrs = { kernel: [2, 2], stride: [2, 2], pads: noPads, ceil: true, countPad: true };
    const graph = oneNode(avgPool, attrs as never, [1, 3, 3]);
    const outputs = await run(graph, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([...outputs.get("y")!]).toEqual([3, 4.5, 7.5, 9]);
  });
});

test("padding of a max pool never wins", async () => {
  const attrs = { kernel: [3, 3], stride: [2, 2], pads: ones, ceil: false, countPad: true };
  const graph = oneNode(maxPool, attrs as never, [1, 3, 3]);
  const outputs = await run(graph, [-1, -2, -3, -4, -5, -6, -7, -8, -9]);
  expect([...outputs.get("y")!]).toEqual([-1, -2, -4, -5]);
});

test("bins of an adaptive pool overlap where the size does not divide", async () => {
  const graph = oneNode(adaptiveAvgPool, { size: [1, 2] }, [1, 2, 3]);
  const outputs = await run(graph, [1, 2, 3, 5, 6, 7]);
  expect([...outputs.get("y")!]).toEqual([3.5, 4.5]);
});

describe("names", () => {
  test("one value under two output names, and the input as an output", async () => {
    const graph = oneNode(relu, {}, [2]);
    const y = graph.outputs[0]!.value;
    const outputs = await run(
      {
        ...graph,
        outputs: [
          { name: "first", value: y, kind: "output" },
          { name: "second", value: y, kind: "tap" },
          { name: "raw", value: graph.inputs[0]!, kind: "tap" },
        ],
      },
      [-1, 2],
    );
    expect(outputs).toEqual(
      new Map([
        ["first", Float32Array.of(0, 2)],
        ["second", Float32Array.of(0, 2)],
        ["raw", Float32Array.of(-1, 2)],
      ]),
    );
  });

  test("an output may be called like another value", async () => {
    const graph = oneNode(linear, { features: 1, bias: false }, [1]);
    const outputs = [
      { name: "op.weight", value: graph.outputs[0]!.value, kind: "output" as const },
    ];
    const weights = new Map([["op.weight", Float32Array.of(3)]]);
    const results = await run({ ...graph, outputs }, [2], weights);
    expect([...results.get("op.weight")!]).toEqual([6]);
  });
});

describe("weights", () => {
  const graph = oneNode(linear, { features: 2, bias: true }, [3]);

  test("a missing one is named", () => {
    expect(() => exportOnnx(graph, new Map())).toThrow(
      "The weights lack op.weight, 6 values (2 x 3)",
    );
  });

  test("one of a wrong size is named", () => {
    const weights = new Map([["op.weight", new Float32Array(5)]]);
    expect(() => exportOnnx(graph, weights)).toThrow("op.weight holds 5 values, expected 6");
  });
});
