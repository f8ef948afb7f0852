/** The ONNX models of single calls, run by ONNX Runtime, against what PyTorch computed. */
import { describe, expect, test } from "vitest";
import { exportOnnx } from "../../src/onnx/export.js";
import { relativeL2 } from "../support/compare.js";
import { graphOf } from "../support/network.js";
import { OnnxModel } from "../support/onnxruntime.js";
import {
  torchCases,
  torchOperators,
  torchSpec,
  type TorchCase,
} from "../support/torch-fixtures.js";

/** ONNX Runtime's max pool and relu drop NaN, and its lowest number is finite. */
const ordinary = ({ x }: TorchCase): boolean => x.every(Number.isFinite);

/**
 * ONNX Runtime's LRN slides a sum of squares along the channels, and after a large value what it
 * subtracts again leaves its rounding behind.
 */
const tolerance = (operator: string): number => (operator === "lrn" ? 1e-4 : 2e-6);

describe.each(torchOperators)("%s", async (operator) => {
  const cases = (await torchCases(operator)).filter(ordinary);

  test("has cases", () => expect(cases.length).toBeGreaterThanOrEqual(20));

  test.each(cases)("$call of $input", async (each) => {
    const graph = graphOf(torchSpec(each));
    const model = await OnnxModel.open(graph, exportOnnx(graph, each.weights));
    const outputs = await model.run(each.x, each.batch);
    await model.close();
    expect(relativeL2(outputs.get("y")!, each.y)).toBeLessThanOrEqual(tolerance(operator));
  });
});
