/** What PyTorch's two exporters write of patterns of networks computes what PyTorch does. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { casesOf } from "./cases.js";
import { difference } from "./judged.js";

/** Lists of tensors, which the exporter's optimizer does away with. */
const refused = "shuffle, dynamo 18, as traced";

test.each(casesOf("patterns").filter(({ name }) => name !== refused))("$name", async (given) => {
  expect(await difference(await readOnnx(given.model), given)).toBeLessThanOrEqual(5e-6);
});

test("a list of tensors has no word", async () => {
  const { model } = casesOf("patterns").find(({ name }) => name === refused)!;
  await expect(readOnnx(model)).rejects.toThrow("SplitToSequence has no word here");
});
