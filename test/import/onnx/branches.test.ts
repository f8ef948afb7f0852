/** An If whose condition is known is what its branch is, read where it stands. */
import { describe, expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { numbersOf } from "./judged.js";
import { graph, modelOf, node, type Part, truth } from "./messages.js";

const relu = graph({ nodes: [node("Relu", ["x"], ["r"])], outputs: ["r"] });
const tanh = graph({ nodes: [node("Tanh", ["x"], ["r"])], outputs: ["r"] });

const either = (whenTrue: Part, whenFalse: Part, condition = "c", output = "y"): Part =>
  node("If", [condition], [output], { then_branch: whenTrue, else_branch: whenFalse });

const read = (nodes: readonly Part[], initializers = [truth("c", true)]) =>
  readOnnx(modelOf({ nodes, initializers, outputs: ["y"] }), { name: "net.onnx" });

const primitives = async (...given: Parameters<typeof read>): Promise<readonly string[]> =>
  (await read(...given)).graph.nodes.map(({ primitive }) => primitive.name);

test.each([
  [true, ["relu"]],
  [false, ["tanh"]],
])("a condition that is %s", async (condition, expected) => {
  expect(await primitives([either(relu, tanh)], [truth("c", condition)])).toEqual(expected);
});

test("what a branch holds itself, and what it reads of what is around it", async () => {
  const branch = graph({
    nodes: [
      node("Shape", ["w"], ["unused"]),
      node("Mul", ["a", "w"], ["b"]),
      node("Add", ["b", "x"], ["r"]),
    ],
    initializers: [truth("w", false)],
    outputs: ["r"],
  });
  const imported = await read([node("Sigmoid", ["x"], ["a"]), either(branch, tanh)]);
  const [value] = imported.graph.inputs;
  const input = Float64Array.from({ length: 48 }, (_, i) => i / 10 - 2);
  const valueOf = await numbersOf(imported, new Map([[value!, input]]), 1);
  // A weight of 0 leaves the input.
  expect(valueOf(imported.graph.outputs[0]!.value)).toEqual(input);
});

test("branches inside branches, and after them what reads their result", async () => {
  const inner = graph({ nodes: [either(tanh, relu, "d", "r2")], outputs: ["r2"] });
  const nodes = [either(tanh, inner, "c", "i"), node("Sigmoid", ["i"], ["y"])];
  const conditions = [truth("c", false), truth("d", false)];
  expect(await primitives(nodes, conditions)).toEqual(["relu", "sigmoid"]);
});

test("two branches after one another may use the same names", async () => {
  const other = graph({ nodes: [node("Sigmoid", ["i"], ["r"])], outputs: ["r"] });
  const nodes = [either(relu, tanh, "c", "i"), either(other, other)];
  expect(await primitives(nodes)).toEqual(["relu", "sigmoid"]);
});

const mish = graph({ nodes: [node("Mish", ["x"], ["r"], {}, "the Mish")], outputs: ["r"] });

test("what is not computed is not looked at", async () => {
  expect(await primitives([either(relu, mish)])).toEqual(["relu"]);
});

test("a node of the branch that has no word is said by its name", async () => {
  await expect(read([either(mish, relu)])).rejects.toThrow("the Mish: Mish has no word here");
});

test("a condition that is computed of the picture is refused", async () => {
  const nodes = [node("ReduceMax", ["x"], ["m"]), either(relu, tanh, "m")];
  await expect(read(nodes)).rejects.toMatchObject({ code: "onnx/refused" });
  await expect(read([either(relu, tanh, "x")])).rejects.toThrow("y: If has no word here");
});

function nested(depth: number): Part {
  const inside = depth === 0 ? relu : graph({ nodes: [nested(depth - 1)], outputs: [`y${depth}`] });
  return either(inside, inside, "c", `y${depth + 1}`);
}
const last = (depth: number): Part => node("Identity", [`y${depth + 1}`], ["y"]);

describe("damaged", () => {
  const around = [node("Relu", ["x"], ["a"])];
  test.each<readonly [string, readonly Part[], string]>([
    [
      "an inner name read outside",
      [either(relu, tanh, "c", "i"), node("Relu", ["r"], ["y"])],
      "reads r, which nothing makes",
    ],
    [
      "a name of what is around given again",
      [...around, either(graph({ nodes: around, outputs: ["a"] }), tanh)],
      "two of its values are called a",
    ],
    [
      "a name that comes later",
      [
        either(graph({ nodes: [node("Relu", ["z"], ["r"])], outputs: ["r"] }), tanh, "c", "i"),
        node("Relu", ["i"], ["z"]),
        node("Relu", ["z"], ["y"]),
      ],
      "reads z, which",
    ],
    [
      "too few results",
      [node("If", ["c"], ["y", "q"], { then_branch: relu, else_branch: relu })],
      "a branch of node y has 1 output, the node 2",
    ],
    [
      "inputs of a branch",
      [either(graph({ nodes: [], inputs: ["q"], outputs: ["x"] }), relu)],
      "a branch of node y has inputs",
    ],
    ["branches too deep inside one another", [nested(8), last(8)], "over 8 deep"],
  ])("%s", async (_, nodes, message) => {
    const error = { code: "weights/damaged", message: expect.stringContaining(message) as string };
    await expect(read(nodes)).rejects.toMatchObject(error);
  });
});

test("as deep as is read", async () => {
  expect(await primitives([nested(7), last(7)])).toEqual(["relu"]);
});
