/** Where a pool and the 1x1 convolution behind it are computed as one: by cost, or where that is asked for. */
import { expect, test } from "vitest";
import { variantOf } from "../../../../src/build/choose/variant.js";
import { projectOf } from "../../../../src/build/project/project.js";
import type { BuildRequest } from "../../../../src/build/request.js";
import { runPasses } from "../../../../src/passes/run.js";
import { cudaTarget } from "../../../../src/targets/cuda/target.js";
import { graphOf, networkOf } from "../../../support/network.js";

type Options = Partial<Pick<BuildRequest, "force" | "without" | "precision">>;

const branch = ([channels, size]: readonly [number, number]): string =>
  `model M {\n  input x: f32[${channels}, ${size}, ${size}]\n` +
  `  output y: maxpool(3x3/1, pad: same) -> conv(1x1, 64) -> relu\n}\n`;

/** How often the calls of a branch say that: `channels` of `size` pixels a side, pooled, to 64. */
function calls(of: string, shape: readonly [number, number], options: Options = {}): number {
  const network = networkOf(branch(shape));
  const request = { spec: "m.incept", network, target: "cpu", cpu: "avx512", ...options } as const;
  return JSON.stringify(projectOf(request, variantOf(request)).program.run).split(of).length - 1;
}

test("by cost where threads would share out weights, or the pool's value leaves the caches", () => {
  expect(calls("max_pool_conv", [512, 14])).toBe(1);
  expect(calls("max_pool_conv", [832, 7])).toBe(1);
  expect(calls("max_pool_conv", [64, 73])).toBe(1);
  expect(calls("max_pool_conv", [256, 28])).toBe(0);
});

test("everywhere where it is forced, and nowhere where the pass is left out or another is", () => {
  expect(calls("max_pool_conv", [256, 28], { force: ["pooledconv.pixels"] })).toBe(1);
  expect(calls("max_pool_conv", [512, 14], { without: ["fuse-pool"] })).toBe(0);
  expect(calls("max_pool_conv", [512, 14], { force: ["conv.direct"] })).toBe(0);
});

test("never in bf16, whose sums could not wait, nor of rows that no thread could hold", () => {
  expect(calls("max_pool_conv", [512, 14], { precision: "bf16" })).toBe(0);
  expect(calls("max_pool_conv", [16384, 14])).toBe(0);
});

test("rows are as many as make 28 pixels", () => {
  expect(calls("Pooled<2, 14, 128, 2>", [512, 14])).toBe(1);
  expect(calls("Pooled<2, 14, 128, 4>", [832, 7])).toBe(1);
});

test("a GPU has no kernel of both, and says so", () => {
  const gpu = cudaTarget({ target: "cuda", precision: "f32", architectures: [], placed: true });
  const { log } = runPasses(graphOf(branch([512, 14])), gpu.traits);
  const { fired, refused } = log.find(({ name }) => name === "fuse-pool")!;
  expect(fired).toEqual([]);
  expect(refused.map(({ why }) => why)).toEqual(["cuda has no kernel of both"]);
});
