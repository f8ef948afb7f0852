/** Whole runs of compiled training against PyTorch's, from the same weights and batches. */
import { afterAll, describe, expect, test } from "vitest";
import { QuickBuilder, type QuickNetwork } from "../../support/quick-build.js";
import { judgeCompiled } from "../../support/compiled-trainer.js";
import { trainingFixture } from "../../support/training-fixtures.js";
import { asDrifting, asSingle } from "../../support/training-judge.js";

describe("compiled", () => {
  const builder = new QuickBuilder();
  afterAll(() => builder[Symbol.dispose]());

  const built = new Map<string, Promise<QuickNetwork>>();
  const networkOf = (name: string, passes: boolean): Promise<QuickNetwork> => {
    const key = `${name} ${passes}`;
    const { network, losses } = trainingFixture(name);
    const found =
      built.get(key) ?? builder.build(network, { passes, train: { losses, frozen: [] } });
    built.set(key, found);
    return found;
  };

  async function judge(name: string, network: Promise<QuickNetwork>): Promise<void> {
    const allowance = name === "googlenet" ? asDrifting : asSingle;
    expect(await judgeCompiled(trainingFixture(name), await network, allowance)).toEqual([]);
  }

  test.each(["small-sgd", "cifar-inception", "simple-inception", "googlenet"])(
    "%s, on the fast kernels",
    (name) => judge(name, networkOf(name, true)),
  );

  test.each(["small-adam", "small-adamw", "small-rmsprop"])("%s", (name) =>
    judge(name, networkOf("small-sgd", true)),
  );

  test("small-sgd, as written on the plain kernels", () =>
    judge("small-sgd", networkOf("small-sgd", false)));
});
