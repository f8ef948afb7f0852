/** NaN and infinity reach exactly the outputs that they reach by the definitions. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elements } from "../../src/ops/shape.js";
import { relativeL2 } from "../support/compare.js";
import { type Compiled, Workshop } from "../support/compiled.js";
import { interpret } from "../support/interpreter.js";
import { graphOf, randomWeights } from "../support/network.js";
import { Random } from "../support/random.js";

/** From the planar input, and from what a convolution leaves in the kernels' own layout. */
const calls = [
  "relu",
  "sigmoid",
  "tanh",
  "softmax",
  "scale(2, shift: 1)",
  "batchnorm",
  "lrn(3)",
  "maxpool(3x3/2, pad: 1)",
  "maxpool(2x2, ceil: true)",
  "avgpool(3x3/2, pad: 1)",
  "globalavgpool",
  "adaptiveavgpool(2x3)",
  "linear(5)",
  "conv(3x3, 18, act: relu)",
  "conv(1x1, 5, act: relu)",
  "depthwise(3x3, act: relu)",
  "residual { relu }",
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

/** Built once, for all values. */
const workshop = new Workshop(spec);
afterAll(() => workshop[Symbol.dispose]());

describe.each([NaN, Infinity, -Infinity])("%d", (value) => {
  const graph = graphOf(spec);
  const weights = randomWeights(graph, 1);
  const x = new Random(1).floats(elements(graph.input.shape));
  x[3 * 8 + 4] = value;
  const expected = interpret(
    graph,
    x,
    new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)])),
  );
  describe.each([{ passes: true }, { passes: false }])("passes: $passes", ({ passes }) => {
    let actual: Compiled;
    beforeAll(async () => {
      actual = await workshop.run({ x }, { weights: Object.fromEntries(weights), passes });
    });

    test.each(outputs)("$call from $from", ({ name }) => {
      expect(relativeL2(actual[name]!, expected.get(name)!)).toBeLessThanOrEqual(2e-6);
    });
  });
});
