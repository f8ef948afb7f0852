import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportOnnx } from "../../../src/onnx/export.js";
import { activationNames } from "../../../src/ops/activations.js";
import { primitives } from "../../../src/ops/registry.js";
import { elements } from "../../../src/ops/shape.js";
import { relativeL2 } from "../../support/compare.js";
import { graphOf, networkOf, randomWeights } from "../../support/network.js";
import { OnnxModel, type Tensors } from "../../support/onnxruntime.js";
import { QuickBuilder } from "../../support/quick-build.js";
import { Random } from "../../support/random.js";
import { caseName, drawCases, selection, specOf } from "./cases.js";
import { bothWays, type Way } from "./ways.js";

const batch = 2;
const casesEach = 22;
/** The operator with the most ways through its kernels. */
const convolutions = 66;

/**
 * Which file judges which operators: one network a file, and two files at a time, so that each
 * file keeps one compiler busy.
 */
export const networks = {
  convolutions: ["conv"],
  depthwise: ["depthwise", "convtranspose", "residual", "add", "mul", "max"],
  pools: [
    "maxpool",
    "avgpool",
    "globalavgpool",
    "globalmaxpool",
    "pooledconv",
    "adaptiveavgpool",
    "zeropad",
    "upsample",
    "bilinear",
  ],
  pointwise: [
    ...activationNames,
    "prelu",
    "softmax",
    "logsoftmax",
    "dropout",
    "flatten",
    "identity",
    "scale",
  ],
  others: [
    "linear",
    "batchnorm",
    "groupnorm",
    "layernorm",
    "l2norm",
    "lrn",
    "concat",
    "slice",
    "shuffle",
  ],
} as const;

/** Declares the tests: each operator, compiled in several ways, against ONNX Runtime. */
export function judge(
  operators: readonly string[],
  seed: number,
  ways: readonly Way[] = bothWays,
): void {
  const random = new Random(seed);
  const cases = operators.flatMap((operator) =>
    drawCases(random, operator, operator === "conv" ? convolutions : casesEach),
  );
  const spec = specOf(cases);
  const builder = new QuickBuilder();
  const graph = graphOf(spec);
  const weights = randomWeights(graph, seed);
  for (const name of weights.keys()) weights.set(name, selection(name) ?? weights.get(name)!);
  const x = random.floats(batch * elements(graph.inputs[0]!.shape), -2, 2);
  let expected: Tensors;

  beforeAll(async () => {
    const onnx = await OnnxModel.open(graph, exportOnnx(graph, weights));
    expected = await onnx.run(x, batch);
    await onnx.close();
  });
  afterAll(() => builder[Symbol.dispose]());

  describe.each(ways)("$title", ({ title: _, tolerance: common, ...variant }) => {
    let actual: Tensors;

    beforeAll(async () => {
      const compiled = await builder.build(networkOf(spec), variant);
      actual = await compiled.run(x, weights);
    });

    test.each(cases.map((each, i) => ({ ...each, name: caseName(cases, i) })))(
      "$name: $call of $from.channels x $from.plane",
      ({ name, primitive }) => {
        const tolerance = common ?? primitives.get(primitive)!.tolerance;
        expect(relativeL2(actual.get(name)!, expected.get(name)!)).toBeLessThanOrEqual(tolerance);
      },
    );
  });
}
