/** Local response norms, which PyTorch's exporters write as windows that move over channels. */
import { describe, expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { attributeType, type AttributeProto } from "../../../src/onnx/schema.js";
import type { LrnAttrs } from "../../../src/ops/lrn-attrs.js";
import { casesOf } from "./cases.js";
import { difference } from "./judged.js";
import { file, node } from "./file.js";

const cases = casesOf("patterns");

/** What make/patterns.py says of its networks. */
const expected: Readonly<Record<string, readonly LrnAttrs[]>> = {
  googlenet: [
    { size: 5, alpha: 2.5, beta: 0.75, k: 1.5 },
    { size: 3, alpha: 1.25, beta: 0.6, k: 0.25 },
  ],
  response: [{ size: 3, alpha: 0.8, beta: 0.5, k: 1 }],
  "wide response": [{ size: 5, alpha: 1, beta: 1, k: 3 }],
};

describe.each(Object.entries(expected))("%s", (network, responses) => {
  const own = cases.filter(({ name }) => name.startsWith(`${network}, `));

  test("comes from both exporters", () => {
    expect(own.some(({ name }) => name.includes("legacy"))).toBe(true);
    expect(own.some(({ name }) => name.includes("dynamo"))).toBe(true);
  });

  test.each(own)("$name has the numbers of the network", async ({ model }) => {
    const { graph } = await readOnnx(model);
    const found = graph.nodes.filter(({ primitive }) => primitive.name === "lrn");
    expect(found.map(({ attrs }) => attrs)).toEqual(responses);
  });

  test.each(["alpha", "beta", "k"] as const)("another %s would be seen", async (name) => {
    const imported = await readOnnx(own[0]!.model);
    const nodes = imported.graph.nodes.map((node) => {
      if (node.primitive.name !== "lrn") return node;
      const attrs = node.attrs as LrnAttrs;
      return { ...node, attrs: { ...attrs, [name]: attrs[name] * 1.01 } };
    });
    const changed = { ...imported, graph: { ...imported.graph, nodes } };
    expect(await difference(changed, own[0]!)).toBeGreaterThan(1e-4);
  });
});

interface Steps {
  readonly pads: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly mode?: string;
  readonly fill?: number;
  /** A factor beside alpha. */
  readonly more?: number;
}

const ints = (name: string, values: readonly number[]): AttributeProto => ({
  ...{ name, type: attributeType.ints, ints: values },
});

/** As exporters have it, but in operators of version 10, in which lists are attributes. */
function written({
  pads,
  kernel,
  strides,
  mode = "constant",
  fill = 0,
  more = 1,
}: Steps): Uint8Array {
  const padding = [
    ints("pads", pads),
    { name: "mode", type: attributeType.string, s: Buffer.from(mode) },
    { name: "value", type: attributeType.float, f: fill },
  ];
  const nodes = [
    node("Mul", ["x", "x"], "squares"),
    node("Unsqueeze", ["squares"], "planes", [ints("axes", [1])]),
    node("Pad", ["planes"], "padded", padding),
    node("AveragePool", ["padded"], "means", [
      ints("kernel_shape", kernel),
      ints("strides", strides),
    ]),
    node("Squeeze", ["means"], "around", [ints("axes", [1])]),
    node("Mul", ["around", "alpha"], "scaled"),
    node("Mul", ["scaled", "more"], "again"),
    node("Add", ["again", "k"], "added"),
    node("Pow", ["added", "beta"], "root"),
    node("Div", ["x", "root"], "y"),
  ];
  const opset = [{ domain: "", version: 10 }];
  return file({ nodes, opset, numbers: { alpha: 0.2, more, beta: 0.7, k: 1.01 } });
}

const right: Steps = {
  pads: [0, 0, 1, 0, 0, 0, 0, 1, 0, 0],
  kernel: [3, 1, 1],
  strides: [1, 1, 1],
};

test("the same, written by hand", async () => {
  const { graph } = await readOnnx(written(right));
  expect(graph.nodes.map(({ primitive }) => primitive.name)).toEqual(["lrn"]);
});

test.each<readonly [string, Partial<Steps>]>([
  ["of an even number of channels", { kernel: [2, 1, 1], pads: [0, 0, 1, 0, 0, 0, 0, 0, 0, 0] }],
  ["to one side", { pads: [0, 0, 2, 0, 0, 0, 0, 0, 0, 0] }],
  ["over the picture as well", { kernel: [3, 3, 1], pads: [0, 0, 1, 1, 0, 0, 0, 1, 1, 0] }],
  ["over the picture alone", { kernel: [1, 3, 1], pads: [0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }],
  ["with other numbers than 0 around", { fill: 1 }],
  ["with its edge repeated around", { mode: "edge" }],
  ["with larger steps", { strides: [2, 1, 1] }],
  ["of a little more than alpha", { more: 1.01 }],
  ["with the edge cut off", { pads: [0, 0, 1, 0, 0, 0, 0, 1, 0, -1] }],
  [
    "of very many channels",
    { kernel: [2 ** 31 - 1, 1, 1], pads: [0, 0, 2 ** 30, 0, 0, 0, 0, 2 ** 30, 0, 0] },
  ],
])("a window %s is none", async (_, steps) => {
  await expect(readOnnx(written({ ...right, ...steps }))).rejects.toMatchObject({
    code: "onnx/refused",
    message: expect.stringContaining("the Pad") as string,
  });
});
