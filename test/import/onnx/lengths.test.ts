/** x by its length, as PyTorch's F.normalize computes it and as ParseNet's layer does. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { attributeType } from "../../../src/onnx/schema.js";
import { file, node } from "./file.js";

const axes = [{ name: "axes", type: attributeType.ints, ints: [1] }];

/** @param last what is done with the length before the division, and a number */
const byLength = (last: string, eps: number): Uint8Array =>
  file({
    nodes: [
      node("ReduceL2", ["x"], "length", axes),
      node(last, ["length", "eps"], "least"),
      node("Div", ["x", "least"], "y"),
    ],
    numbers: { eps },
  });

test.each([
  ["Clip", 1e-12],
  ["Max", 1e-10],
  ["Add", 1e-10],
])("%s of %f, which matters to nothing, is an l2norm", async (last, eps) => {
  const { graph } = await readOnnx(byLength(last, eps));
  expect(graph.nodes.map(({ primitive }) => primitive.name)).toEqual(["l2norm"]);
  expect((graph.nodes[0]!.attrs as { eps: number }).eps).toBeLessThanOrEqual(1e-20);
});

// l2norm adds under the root, which is something else for vectors that are about as short.
test.each([
  ["Clip", 1e-7],
  ["Clip", 1e-5],
  ["Max", 1e-2],
  ["Add", 1e-7],
  ["Add", 1e-3],
])("%s of %f is refused", async (last, eps) => {
  await expect(readOnnx(byLength(last, eps))).rejects.toThrow("ReduceL2 has no word here");
});
