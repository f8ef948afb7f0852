/** What a node is read as computes what ONNX Runtime computes of the node. */
import * as ort from "onnxruntime-node";
import { expect, test } from "vitest";
import { readFirst } from "../../src/onnx/read.js";
import {
  attributeType,
  dataType,
  encodeModel,
  type AttributeProto,
} from "../../src/onnx/schema.js";
import type { StoredNode, StoredOperand } from "../../src/ops/onnx.js";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "../support/compare.js";
import { Random } from "../support/random.js";
import { read } from "./nodes.js";
import { weightOf } from "./read-again.js";

/** Legal, and more than ONNX Runtime has. */
const lacking = [
  "SAME_LOWER with a dilation",
  "VALID, with pads of nothing",
  "Swish, as it is by default",
  "Swish that says what it is by default",
];

const cases = read.filter(({ title }) => !lacking.includes(title));

test("only those are left out", () => {
  expect(read.length - cases.length).toBe(lacking.length);
});

test.each(cases)("$title", async ({ node, then = [] }) => {
  const random = new Random(3);
  const flowing = node.operands.map((operand) => given(operand, random));
  const reading = readFirst([node, ...then]);
  if ("refused" in reading) throw new Error(reading.refused);
  const { primitive, attrs, roles } = reading;
  const inputs = roles.flatMap((role, i) => (role === "input" ? [flowing[i]!] : []));
  const weights = roles.flatMap((role, i) =>
    typeof role === "object" ? [[role.weight, weightOf(role, node.operands[i]!)] as const] : [],
  );
  const operands = {
    inputs: inputs.map(({ dims, data }) => ({
      shape: dims.slice(1),
      data: Float64Array.from(data),
    })),
    weights: Object.fromEntries(weights),
  };
  const [result] = primitive.evaluate(operands, attrs, inputs[0]!.dims[0]!);
  const expected = await run([node, ...then], flowing);
  expect(relativeL2(expected, result!)).toBeLessThanOrEqual(2e-6);
});

interface Flowing {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** What flows in where nothing is fixed; sides that are not known are 6 x 7, or two images. */
function given(operand: StoredOperand | undefined, random: Random): Flowing | undefined {
  if (operand === undefined || operand.values !== undefined) return undefined;
  const dims = [2, 6, 6, 7].map((usual, i) => operand.shape?.[i] ?? usual);
  const own = dims.slice(0, operand.shape?.length ?? 4);
  return { dims: own, data: random.floats(elements(own), -2, 2) };
}

/** The result of nodes in a row, in ONNX Runtime; what flows in flows into the first. */
async function run(
  nodes: readonly StoredNode[],
  flowing: readonly (Flowing | undefined)[],
): Promise<Float32Array> {
  const names = nodes.map(({ operands }, k) =>
    operands.map((operand, i) => {
      if (operand === undefined) return "";
      return k > 0 && i === 0 ? `result_${k - 1}` : `operand_${k}_${i}`;
    }),
  );
  const used = names[0]!.flatMap((name, i) =>
    flowing[i] === undefined ? [] : [[name, flowing[i]] as const],
  );
  const port = (name: string) => ({
    name,
    type: { tensorType: { elemType: dataType.float, shape: { dim: [] } } },
  });
  const bytes = encodeModel({
    irVersion: 8,
    producerName: "test",
    producerVersion: "",
    docString: "",
    metadataProps: [],
    opsetImport: [{ domain: "", version: nodes[0]!.opset }],
    graph: {
      name: "test",
      node: nodes.map(({ opType, attributes }, k) => ({
        opType,
        name: `node_${k}`,
        input: names[k]!,
        output: [k === nodes.length - 1 ? "y" : `result_${k}`],
        attribute: Object.entries(attributes).map(attributeOf),
      })),
      initializer: nodes.flatMap(({ opType, operands }, k) =>
        operands.flatMap((operand, i) =>
          operand?.values === undefined ? [] : [initializer(names[k]![i]!, opType, operand, i)],
        ),
      ),
      input: used.map(([name, { dims }]) => ({
        name,
        type: {
          tensorType: {
            elemType: dataType.float,
            shape: { dim: dims.map((dimValue) => ({ dimValue })) },
          },
        },
      })),
      output: [port("y")],
    },
  });
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const feeds = used.map(([name, { dims, data }]) => [name, new ort.Tensor("float32", data, dims)]);
  const results = await session.run(Object.fromEntries(feeds) as Record<string, ort.Tensor>);
  await session.release();
  return results["y"]!.data as Float32Array;
}

/** Integers are so by their value, but for the attributes that ONNX says are floats. */
function attributeOf([name, value]: [string, unknown]): AttributeProto {
  const floats = [
    "cubic_coeff_a",
    "alpha",
    "beta",
    "bias",
    "epsilon",
    "max",
    "min",
    "momentum",
    "ratio",
  ];
  if (typeof value === "string") {
    return { name, type: attributeType.string, s: Buffer.from(value) };
  }
  if (typeof value !== "number") {
    return { name, type: attributeType.ints, ints: value as readonly number[] };
  }
  if (floats.includes(name)) return { name, type: attributeType.float, f: value };
  return { name, type: attributeType.int, i: value };
}

function initializer(
  name: string,
  opType: string,
  { shape = [], values = [] }: StoredOperand,
  i: number,
) {
  const dims = shape.map((d) => d!);
  const numbers = Array.from(values);
  if (opType === "Dropout" && i === 2) {
    return { name, dims, dataType: dataType.bool, rawData: Uint8Array.from(numbers) };
  }
  const isInteger =
    (["Pad", "Reshape", "ReduceMean", "Squeeze"].includes(opType) && i === 1) ||
    opType === "Slice" ||
    (opType === "Resize" && i === 3);
  const data = isInteger ? BigInt64Array.from(numbers, BigInt) : Float32Array.from(numbers);
  const type = isInteger ? dataType.int64 : dataType.float;
  return { name, dims, dataType: type, rawData: new Uint8Array(data.buffer) };
}
