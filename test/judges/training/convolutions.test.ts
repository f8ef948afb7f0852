/**
 * Every fast way to derive convolutions and linear layers, by the calls that a build makes: what it
 * gives of a batch is what the plain kernels give.
 */
import { afterAll, expect, test } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { elements } from "../../../src/ops/shape.js";
import { relativeL2 } from "../../support/compare.js";
import { networkOf } from "../../support/network.js";
import { QuickBuilder } from "../../support/quick-build.js";
import { withTrainer } from "../../support/quick-trainer.js";
import { Random } from "../../support/random.js";
import { weightsFor } from "../../support/weights.js";

/** A planar input, strides, channels by themselves, and padding beyond what the kernel reaches. */
const network = networkOf(`model N {
  input x: f32[3, 20, 19]
  a: conv(3x3, 20) -> conv(3x3/2, 33, pad: 1) -> relu
  b: depthwise(3x3) -> depthwise(3x3/2, pad: 1)
  c: conv(1x3/2, 17, pad: 0) -> conv(3x3, 5, pad: 4)
  output y: flatten -> linear(9)
}`);
const losses = [{ output: "y", targets: "y", kind: "mean_squared_error" }] as const;
const weights = new Map(
  [...weightsFor(buildGraph(network), 3)].map(([name, of]) => [name, Float32Array.from(of)]),
);
const batch = 3;

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

/** The first velocity is the gradient. */
async function gradients(passes: boolean): Promise<ReadonlyMap<string, Float32Array>> {
  const built = await builder.build(network, { passes, train: { losses, frozen: [] } });
  return withTrainer(built, weights, { batch }, async (trainer) => {
    await trainer.train(batch, ({ name, shape }) =>
      name.endsWith(":loss_weight") ? [1] : new Random(5).floats(batch * elements(shape)),
    );
    return trainer.read("moment_1");
  });
}

test("fast kernels give the gradients that plain ones give", { timeout: 240_000 }, async () => {
  const [plain, fast] = [await gradients(false), await gradients(true)];
  for (const [name, expected] of plain) {
    expect(relativeL2(fast.get(name)!, expected), name).toBeLessThan(2e-6);
  }
});
