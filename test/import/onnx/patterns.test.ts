/** What PyTorch's two exporters write of patterns of networks computes what PyTorch does. */
import { expect, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { casesOf } from "./cases.js";
import { difference } from "./judged.js";

test.each(casesOf("patterns"))("$name", async (given) => {
  expect(await difference(await readOnnx(given.model), given)).toBeLessThanOrEqual(5e-6);
});
