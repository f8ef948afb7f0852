/** A network with every kind of layer: what one batch gives is what PyTorch gives, in float64. */
import { afterAll, describe, expect, test } from "vitest";
import type { OutputLoss } from "../../../src/autodiff/loss.js";
import { networkOf } from "../../support/network.js";
import { relativeL2 } from "../../support/compare.js";
import { QuickBuilder } from "../../support/quick-build.js";
import { withTrainer } from "../../support/quick-trainer.js";
import { readTensors } from "../../support/tensors.js";

const { tensors, metadata } = await readTensors("test/autodiff/fixtures/step.safetensors");
const factors = JSON.parse(metadata["losses"]!) as Readonly<Record<string, number>>;

const losses: readonly OutputLoss[] = [
  { output: "prob", targets: "prob", kind: "cross_entropy" },
  { output: "box", targets: "box", kind: "mean_squared_error" },
  { output: "head", targets: "prob", kind: "cross_entropy" },
];

const weights = new Map(
  [...tensors].flatMap(([name, values]) =>
    name.startsWith("weight:") ? [[name.slice("weight:".length), values] as const] : [],
  ),
);

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

describe.each([
  { passes: false, tolerance: 2e-6 },
  { passes: true, tolerance: 1e-5 },
])("with passes $passes", ({ passes, tolerance }) => {
  const built = builder.build(networkOf(metadata["spec"]!), {
    passes,
    train: { losses, frozen: [] },
  });

  const batch = async (threads: number) =>
    withTrainer(await built, weights, { batch: 4, threads }, async (trainer) => {
      const { results, norm } = await trainer.train(4, ({ name }) => {
        const [owner = "", what = ""] = name.split(":");
        if (what === "target") return tensors.get(owner)!;
        if (what === "loss_weight") return [factors[owner]!];
        if (what === "smoothing") return [Number(metadata["smoothing"])];
        return tensors.get("x")!;
      });
      // The first velocity is the gradient.
      const gradients = await trainer.read("moment_1");
      return { results, norm, gradients, values: await trainer.read("values") };
    });

  test("losses, gradients and running statistics are PyTorch's", async () => {
    const { results, norm, gradients, values } = await batch(2);
    for (const [name, value] of results) {
      expect(relativeL2([value], tensors.get(name)!), name).toBeLessThan(tolerance);
    }
    let squares = 0;
    for (const [name, expected] of tensors) {
      const [what, of = ""] = name.split(":");
      if (what === "state") {
        expect(relativeL2(values.get(of)!, expected), name).toBeLessThan(tolerance);
      }
      if (what !== "gradient") continue;
      expect(relativeL2(gradients.get(of)!, expected), name).toBeLessThan(tolerance);
      squares += expected.reduce((sum, x) => sum + x * x, 0);
    }
    expect(norm / Math.sqrt(squares)).toBeCloseTo(1, 4);
  });

  test("threads change no bit", async () => {
    const [one, seven] = [await batch(1), await batch(7)];
    expect(seven).toEqual(one);
  });
});
