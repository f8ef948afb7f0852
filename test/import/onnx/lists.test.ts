/** Lists of tensors, which a file parts one into and takes others out of. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { attributeType } from "../../../src/onnx/schema.js";
import { rowsOf } from "../normal/hold.js";
import { file, node } from "./file.js";

const int = (name: string, i: number) => ({ name, type: attributeType.int, i });
const along1 = int("axis", 1);
const parted = node("SplitToSequence", ["x", "size"], "list", [along1]);
const at = (place: string, result: string) => node("SequenceAt", ["list", place], result);

test("parts of one size, of which the last may be smaller, count from both ends", async () => {
  const nodes = [
    parted,
    at("first", "a"),
    at("last", "b"),
    node("Concat", ["b", "a"], "y", [along1]),
  ];
  const read = await readOnnx(file({ nodes, numbers: { size: 2, first: 0, last: -1 } }));
  expect(rowsOf(read)).toEqual([
    "list.0 : 2 x 4x4 = slice 0..1 (x)",
    "list.1 : 1 x 4x4 = slice 2..2 (x)",
    "y : 3 x 4x4 = concat (list.1, list.0)",
  ]);
});

test("without a size each place is one, which may lose its dimension", async () => {
  const keeps = [int("keepdims", 0), along1];
  const nodes = [
    node("SplitToSequence", ["x"], "list", keeps),
    at("last", "a"),
    node("Unsqueeze", ["a", "one"], "y"),
  ];
  const read = await readOnnx(file({ nodes, numbers: { last: 2, one: 1 } }));
  expect(rowsOf(read)).toEqual(["list.2 : 1 x 4x4 = slice 2..2 (x)"]);
});

test.each([
  ["a place that it has not", [parted, at("first", "y")], "takes number 5 of a list of 2"],
  ["what reads a list", [parted, node("Relu", ["list"], "y")], "Relu takes a list of tensors"],
  [
    "a list itself",
    [node("SplitToSequence", ["x", "size"], "y", [along1])],
    "is a list of tensors",
  ],
  ["no list", [node("SequenceAt", ["x", "first"], "y")], "takes no list of tensors"],
])("%s is refused", async (_, nodes, message) => {
  await expect(readOnnx(file({ nodes, numbers: { size: 2, first: 5 } }))).rejects.toThrow(message);
});
