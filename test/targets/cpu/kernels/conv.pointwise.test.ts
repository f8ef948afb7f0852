/** By which kernel a 1x1 convolution is computed: the faster one of those that bench/costs.md measured. */
import { expect, test } from "vitest";
import { variantOf } from "../../../../src/build/choose/variant.js";
import { compiledOf } from "../../../../src/build/project/project.js";
import { runNodes } from "../../../../src/graph/graph.js";
import { conv2d } from "../../../../src/ops/conv2d.js";
import type { CpuLevel } from "../../../../src/targets/cpu/level.js";
import { networkOf } from "../../../support/network.js";

/** Of `inputs` channels of `size` pixels a side to `outputs`. */
function kernel(inputs: number, size: number, outputs: number, cpu: CpuLevel): string {
  // Pools keep what lies before and behind it in blocks.
  const network = networkOf(
    `model M {\n  input x: f32[${inputs}, ${2 * size}, ${2 * size}]\n` +
      `  output y: maxpool(2x2/2) -> conv(1x1, ${outputs}) -> maxpool(3x3/1, pad: same)\n}\n`,
  );
  const without = ["fuse-pool"];
  const variant = variantOf({ spec: "m.incept", network, target: "cpu", cpu, without }, "anywhere");
  const { plan, choice } = compiledOf(network, variant, cpu);
  return choice(runNodes(plan.graph).find(({ primitive }) => primitive === conv2d)!).kernel;
}

test("directly where the first cache keeps the weights of a tile", () => {
  expect(kernel(128, 16, 80, "avx512")).toBe("conv.direct");
});

test("some channels at a time where it does not, and by AVX2, whose threads share out pixels so", () => {
  expect(kernel(320, 35, 256, "avx512")).toBe("conv.pointwise");
  const ofAvx2 = [
    kernel(256, 28, 64, "avx2"),
    kernel(320, 35, 256, "avx2"),
    kernel(832, 7, 448, "avx2"),
  ];
  expect(new Set(ofAvx2)).toEqual(new Set(["conv.pointwise"]));
});
