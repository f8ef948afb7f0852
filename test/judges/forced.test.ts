/**
 * Whatever kernels are forced, networks compute the same: each way to compute a convolution, on random
 * shapes wherever it can, against ONNX Runtime; and fast kernels among references, whose layouts differ.
 */
import { afterAll, describe, expect, test } from "vitest";
import { conv2d } from "../../src/ops/conv2d.js";
import { elements } from "../../src/ops/shape.js";
import { cpuKernels } from "../../src/targets/cpu/list.js";
import { relativeL2 } from "../support/compare.js";
import { graphOf, networkOf, randomWeights } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { QuickBuilder } from "../support/quick-build.js";
import { Random } from "../support/random.js";
import { judge } from "./operators/judge.js";

/** Not conv.amx, which refuses f32: bf16/ judges it. */
const convolutions = cpuKernels.filter(
  ({ primitive, name }) => primitive === conv2d.name && name !== "conv.amx",
);

describe("a convolution", () => {
  judge(
    ["conv", "depthwise", "residual"],
    9,
    convolutions.map(({ name }) => ({ title: name, passes: true, force: [name] })),
  );
});

describe("a pool and the convolution behind it", () => {
  judge(["pooledconv"], 9, [{ title: "as one", passes: true, force: ["pooledconv.pixels"] }]);
});

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const references = cpuKernels.filter(({ reference }) => reference).map(({ name }) => name);

test.concurrent.each([71, 72, 73, 74, 75, 76])(
  "a network is the same with other references in it, %i",
  { timeout: 900_000 },
  async (seed) => {
    const spec = randomNetwork(seed);
    const graph = graphOf(spec);
    const weights = randomWeights(graph, seed);
    const random = new Random(seed);
    const x = random.floats(3 * elements(graph.inputs[0]!.shape), -2, 2);
    const usual = await builder.build(networkOf(spec), { passes: true });
    const force = references.filter(() => random.chance(0.5));
    const mixed = await builder.build(networkOf(spec), { passes: true, force });
    const expected = await usual.run(x, weights);
    for (const [name, values] of await mixed.run(x, weights)) {
      expect(relativeL2(values, expected.get(name)!), name).toBeLessThanOrEqual(1e-5);
    }
  },
);
