/** How primitives are read from ONNX: what others write, and what was written here. */
import { describe, expect, test } from "vitest";
import type { Node } from "../../src/graph/graph.js";
import { readFirst, readNode } from "../../src/onnx/read.js";
import { poolWindow, type PoolAttrs } from "../../src/ops/pool-attrs.js";
import { primitives } from "../../src/ops/registry.js";
import { span } from "../../src/ops/window.js";
import { elements, isImage, plane } from "../../src/ops/shape.js";
import { drawCases, families, specOf } from "../judges/operators/cases.js";
import { read } from "../onnx/nodes.js";
import { refused, refusedSequences } from "../onnx/refused-nodes.js";
import { ReadAgain } from "../onnx/read-again.js";
import { relativeL2 } from "../support/compare.js";
import { interpret } from "../support/interpreter.js";
import { graphOf, randomWeights } from "../support/network.js";
import { Random } from "../support/random.js";

describe("what others write", () => {
  test.each(read)("$title", ({ node, then = [], is }) => {
    const reading = readFirst([node, ...then]);
    if ("refused" in reading) throw new Error(reading.refused);
    const { primitive, nodes, ...rest } = reading;
    expect(nodes).toBe(1 + then.length);
    expect({ ...rest, primitive: primitive.name }).toEqual(is);
  });

  test.each(refused)("%s", (sentence, node) => {
    expect(readNode(node)).toEqual({ refused: sentence });
  });

  test.each(refusedSequences)("%s", (sentence, nodes) => {
    expect(readFirst(nodes)).toEqual({ refused: sentence });
  });

  test("shows every operator that is read, and every primitive", () => {
    const known = [...primitives.values()].flatMap(({ onnx }) => Object.keys(onnx.read));
    const alone = read.filter(({ then }) => then === undefined);
    expect(new Set(alone.map(({ node }) => node.opType))).toEqual(new Set(known));
    expect(new Set(read.map(({ is }) => is.primitive))).toEqual(new Set(primitives.keys()));
  });
});

test.each(Object.keys(families))("what was written of %s comes back", (operator) => {
  const graph = graphOf(specOf(drawCases(new Random(11), operator, 30)));
  const weights = randomWeights(graph, 11);
  const again = new ReadAgain(graph, weights);
  const read = graph.nodes.map((node) => again.node(node));

  const names = read.map((nodes) => nodes?.map(({ primitive }) => primitive.name).join(" "));
  expect(names).toEqual(graph.nodes.map(comesBackAs));
  for (const [i, node] of graph.nodes.entries()) {
    const [only, ...others] = read[i] ?? [];
    if (only?.primitive !== node.primitive || others.length > 0) continue;
    expect(only.attrs).toEqual(inOnnx(node));
    expect(only.inputs).toEqual(node.inputs);
    const names = Object.entries(only.weights).map(([role, { name }]) => [role, name]);
    expect(names).toEqual(Object.entries(node.weights).map(([role, { name }]) => [role, name]));
  }

  const x = new Random(11).floats(elements(graph.inputs[0]!.shape), -2, 2);
  const exact = new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));
  const expected = interpret(graph, x, exact);
  const nodes = graph.nodes.flatMap((node, i) => read[i] ?? [node]);
  // Whose factors are written in f32.
  const rounded = graph.nodes.some(({ primitive }) => primitive.name === "gelu_tanh");
  const tolerance = rounded ? 1e-7 : 1e-12;
  const outputs = interpret({ ...graph, nodes }, x, new Map([...exact, ...again.numbers]));
  for (const [name, values] of outputs) {
    expect(relativeL2(values, expected.get(name)!), name).toBeLessThanOrEqual(tolerance);
  }
});

/** The primitives that a node comes back as: its own, unless it is written as other things. */
function comesBackAs({ primitive: { name }, attrs, inputs, outputs }: Node): string | undefined {
  const shape = inputs[0]!.shape;
  switch (name) {
    case "silu":
      return "sigmoid mul";
    // ONNX has had one node for it since opset 20; the error function has no word here.
    case "gelu":
      return undefined;
    case "gelu_tanh":
      return "scale mul mul scale add scale tanh scale mul";
    case "groupnorm":
    case "l2norm":
      return undefined;
    // Nor is there a word for a turned image.
    case "layernorm":
      return isImage(shape) ? undefined : name;
    case "scale":
      return "scale scale";
    case "linear":
      return isImage(shape) ? "flatten linear" : name;
    case "add": {
      const { scales } = attrs as { readonly scales: readonly number[] };
      return [...scales.filter((factor) => factor !== 1).map(() => "scale"), name].join(" ");
    }
    case "mul":
      return inputs
        .slice(1)
        .map(() => name)
        .join(" ");
    case "adaptiveavgpool": {
      const [[height, width], [rows, columns]] = [plane(shape), plane(outputs[0]!.shape)];
      if (rows === 1 && columns === 1) return name;
      // Bins of several sizes are written as matrices, and read as bins.
      return height % rows === 0 && width % columns === 0 ? "avgpool" : name;
    }
    default:
      return name;
  }
}

/** Where padding counts but the overhang of ceil mode does not, averages are set right by a Mul. */
function overhangs(attrs: PoolAttrs, shape: Node["inputs"][0]["shape"]): boolean {
  const { bottom, right } = neededPads(attrs, shape);
  return attrs.countPad && (bottom > attrs.pads.bottom || right > attrs.pads.right);
}

/** The attributes as ONNX holds them: a pool's windows are said by its padding alone. */
function inOnnx({ primitive, attrs, inputs }: Node): unknown {
  if (primitive.name !== "maxpool" && primitive.name !== "avgpool") return attrs;
  const pool = attrs as PoolAttrs;
  const { shape } = inputs[0]!;
  if (primitive.name === "avgpool" && overhangs(pool, shape)) return { ...pool, ceil: true };
  const pads = neededPads(pool, shape);
  // Padding never wins, and so need not count.
  const countPad = primitive.name === "maxpool" || pool.countPad;
  return { ...pool, pads, ceil: false, countPad };
}

/** As far as the last window reaches. */
function neededPads(attrs: PoolAttrs, shape: Node["inputs"][0]["shape"]): PoolAttrs["pads"] {
  const { kernel, stride, pads, dilation } = poolWindow(attrs);
  const [, rows = 0, columns = 0] = primitives.get("maxpool")!.infer([shape], attrs)[0]!;
  const [height, width] = plane(shape);
  const bottom = (rows - 1) * stride[0] + span(kernel[0], dilation[0]) - height - pads.top;
  const right = (columns - 1) * stride[1] + span(kernel[1], dilation[1]) - width - pads.left;
  return { ...pads, bottom: Math.max(0, bottom), right: Math.max(0, right) };
}
