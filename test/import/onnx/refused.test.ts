/** Files that are wrong, or that no spec can say: a clear error each. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { file, node, port } from "./file.js";

const relu = [node("Relu", ["x"], "y")];
const version = (number: number): Uint8Array =>
  file({ nodes: relu, opset: [{ domain: "", version: number }] });

const poolWith = (pads: readonly number[]) =>
  node("MaxPool", ["x"], "y", [
    { name: "kernel_shape", type: 7, ints: [80_000, 80_000] },
    { name: "pads", type: 7, ints: pads },
  ]);

const files: readonly (readonly [string, Uint8Array, string, string])[] = [
  ["no message", new Uint8Array(40).fill(0xff), "weights/damaged", "is no message"],
  ["a text", Buffer.from("a text of some length"), "weights/format", "is a text that begins with"],
  ["nothing", new Uint8Array(), "weights/damaged", "it has no graph"],
  ["a file that was cut", file({ nodes: relu }).slice(0, -20), "weights/", ""],
  [
    "a cycle",
    file({ nodes: [node("Add", ["x", "y"], "a"), node("Relu", ["a"], "y")] }),
    "weights/damaged",
    "reads y, which comes later or hangs on it",
  ],
  [
    "a name that nothing gives",
    file({ nodes: [node("Relu", ["z"], "y")] }),
    "weights/damaged",
    "reads z, which nothing makes",
  ],
  [
    "a name that two give",
    file({ nodes: [...relu, ...relu] }),
    "weights/damaged",
    "two of its values are called y",
  ],
  [
    "an output of nothing",
    file({ nodes: relu, output: "z" }),
    "weights/damaged",
    "its output z is made by nothing",
  ],
  ["old operators", version(6), "onnx/opset", "asks for version 6"],
  [
    "no operators of ONNX",
    file({ nodes: relu, opset: [{ domain: "com.me", version: 1 }] }),
    "onnx/opset",
    "says no version",
  ],
  [
    "an open height",
    file({ nodes: relu, input: port("x", "n", 3, "h", 4) }),
    "onnx/input",
    "is n x 3 x h x 4: its size is open",
  ],
  [
    "a picture of over 2^31 elements",
    file({ nodes: relu, input: port("x", "n", 3, 50_000, 50_000) }),
    "onnx/input",
    "is n x 3 x 50000 x 50000",
  ],
  [
    "edges that make one of it",
    file({ nodes: [poolWith([40_000, 40_000, 40_000, 40_000])] }),
    "onnx/refused",
    "has a padded operand of 3 x 80004x80004",
  ],
  ["a sequence", file({ nodes: relu, input: port("x", "n", 3, 4) }), "onnx/input", "is n x 3 x 4"],
  [
    "an output that hangs on nothing",
    file({ nodes: [node("Range", [], "y")] }),
    "onnx/refused",
    "",
  ],
];

test.each(files)("%s", async (_, bytes, code, message) => {
  const error: unknown = await readOnnx(bytes).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toMatchObject({
    name: "InceptError",
    message: expect.stringContaining(message) as string,
  });
  expect((error as { code: string }).code).toContain(code);
});

// Formulas are known by what they give: of numbers beyond every limit, too.
test.each([
  ["rectifies up to 20", [node("Clip", ["x", "low", "high"], "y")], { low: 0, high: 20 }],
  ["limits a rectifier", [node("Relu", ["x"], "a"), node("Min", ["a", "n"], "y")], { n: 3e6 }],
  ["passes on up to 1000", [node("Clip", ["x", "low", "high"], "y")], { low: -1000, high: 1000 }],
  ["passes on from -30", [node("Max", ["x", "n"], "y")], { n: -30 }],
])("what %s is no activation", async (_, nodes, numbers) => {
  await expect(readOnnx(file({ nodes, numbers }))).rejects.toMatchObject({ code: "onnx/refused" });
});

test("what limits nothing that there is passes on", async () => {
  const nodes = [node("Clip", ["x", "low", "high"], "y")];
  const { graph } = await readOnnx(file({ nodes, numbers: { low: -3e38, high: 3e38 } }));
  expect(graph.nodes.map(({ primitive }) => primitive.name)).toEqual(["identity"]);
});

test("all nodes without a word are said at once, with equal reasons together", async () => {
  const nodes = [
    node("Mish", ["x"], "a"),
    node("Q(Conv", ["x"], "b"),
    node("Mish", ["x"], "c"),
    node("Sum", ["a", "b", "c"], "d"),
    node("Einsum", ["d"], "y"),
  ];
  await expect(readOnnx(file({ nodes }), { name: "net.onnx" })).rejects.toThrow(
    [
      "net.onnx has 4 nodes that no spec can say:",
      "  the Mish, the Mish: Mish has no word here",
      "  the Q(Conv: Q(Conv has no word here",
      "  the Einsum: Einsum has no word here",
    ].join("\n"),
  );
});

test("constants of a small file that would fill memory are refused", async () => {
  const length = {
    ...node("Constant", [], "n"),
    attribute: [{ name: "value_ints", type: 7, ints: [1 << 14] }],
  };
  const filled = Array.from({ length: 1100 }, (_, i) => node("ConstantOfShape", ["n"], `c${i}`));
  const sums = filled.map((_, i) => node("Add", [i === 0 ? "c0" : `s${i - 1}`, `c${i}`], `s${i}`));
  const nodes = [length, ...filled, ...sums, node("Mul", ["x", "s1099"], "y")];
  await expect(readOnnx(file({ nodes }))).rejects.toThrow("its short constants have over");
});

test("what no output hangs on is not looked at", async () => {
  const { graph } = await readOnnx(file({ nodes: [node("Mish", ["x"], "a"), ...relu] }));
  expect(graph.nodes.map(({ primitive }) => primitive.name)).toEqual(["relu"]);
});
