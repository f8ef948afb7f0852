/** A version of ONNX's operators that came after today's, in which one of them is another. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { file, node } from "./file.js";

const known = {
  newest: 31,
  definitions: { Relu: { read: [6, 13, 14] }, Elu: { read: [6, 22], unread: [30] } },
};

const model = (version: number, ...names: readonly string[]): Uint8Array =>
  file({
    nodes: names.map((name, i) => node(name, [i === 0 ? "x" : `${i}`], `${i + 1}`)),
    output: `${names.length}`,
    opset: [{ domain: "", version }],
  });

const read = async (...of: Parameters<typeof model>): Promise<readonly string[]> =>
  (await readOnnx(model(...of), { known })).graph.nodes.map(({ primitive }) => primitive.name);

test("operators that the version leaves as they were are read", async () => {
  expect(await read(31, "Relu", "Relu")).toEqual(["relu", "relu"]);
  expect(await read(29, "Relu", "Elu")).toEqual(["relu", "elu"]);
});

test("one that it defines anew is refused from there on", async () => {
  for (const version of [30, 31]) {
    await expect(read(version, "Relu", "Elu")).rejects.toThrow(
      /has 1 node .*\n {2}the Elu: Elu has another definition since version 30, which is not read$/,
    );
  }
  await expect(read(32, "Relu", "Elu")).rejects.toThrow("Relu may have another definition in");
});
