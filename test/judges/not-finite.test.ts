/** NaN and infinity reach exactly the outputs that they reach by the definitions. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { activationNames } from "../../src/ops/activations.js";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "../support/compare.js";
import { interpret } from "../support/interpreter.js";
import { graphOf, networkOf, randomWeights } from "../support/network.js";
import type { Tensors } from "../support/onnxruntime.js";
import { QuickBuilder, type QuickNetwork } from "../support/quick-build.js";
import { Random } from "../support/random.js";

/** From the planar input, and from what a convolution leaves in the kernels' own layout. */
const calls = [
  ...activationNames,
  "softmax",
  "scale(2, shift: 1)",
  "batchnorm",
  "lrn(3)",
  "maxpool(3x3/2, pad: 1)",
  "maxpool(2x2, ceil: true)",
  "avgpool(3x3/2, pad: 1)",
  "globalavgpool",
  "globalmaxpool",
  "zeropad([0, 1, 2, 1])",
  "upsample(2x3)",
  "upsample(2x3, bilinear)",
  "shuffle(in)",
  "adaptiveavgpool(2x3)",
  "linear(5)",
  "conv(3x3, 18, act: relu)",
  "conv(1x1, 5, act: relu)",
  "depthwise(3x3, act: relu)",
  "residual { relu }",
  "mul { a: relu b: scale(0.5) }",
  "mul { a: relu gate: globalavgpool }",
  "add { gate: globalavgpool a: relu }",
  "max { a: identity b: scale(0.5) }",
  "max { a: scale(0.5) b: identity }",
  "concat { a: relu b: maxpool(3x3/1, pad: same) }",
];

const outputs = calls.flatMap((call, i) => [
  { name: `planar_${i}`, from: "x", call },
  { name: `own_${i}`, from: "stem", call },
]);

const spec = `model Values {
  input x: f32[3, 9, 8]
  stem: conv(2x2, 20, pad: 0, act: relu)
  ${outputs.map(({ name, from, call }) => `output ${name}: from ${from} -> ${call}`).join("\n  ")}
}
`;

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

describe.each([{ passes: true }, { passes: false }])("passes: $passes", ({ passes }) => {
  let compiled: QuickNetwork;
  beforeAll(async () => {
    // Winograd's tiles are NaN as a whole: test/native/kernels.test.ts has what they promise.
    const force = passes ? ["conv.direct"] : [];
    compiled = await builder.build(networkOf(spec), { passes, force });
  });

  describe.each([NaN, Infinity, -Infinity])("%d", (value) => {
    const graph = graphOf(spec);
    const weights = randomWeights(graph, 1);
    const x = new Random(1).floats(elements(graph.inputs[0]!.shape));
    x[3 * 8 + 4] = value;
    const expected = interpret(
      graph,
      x,
      new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)])),
    );
    let actual: Tensors;
    beforeAll(async () => {
      actual = await compiled.run(x, weights);
    });

    test.each(outputs)("$call from $from", ({ name }) => {
      expect(relativeL2(actual.get(name)!, expected.get(name)!)).toBeLessThanOrEqual(2e-6);
    });
  });
});
