import { expect, it } from "vitest";
import { inOrder } from "../../../src/build/choose/train-order.js";
import type { Manifest } from "../../../src/emit/manifest.js";
import { parseManifest } from "../../../src/emit/parse-manifest.js";
import { onlyVariant } from "../../../src/runtime/variants.js";
import { trainerOptions } from "../../../src/runtime/train/options.js";
import { planTraining } from "../../../src/runtime/train/plan.js";
import { manifest, trainingOf } from "./support/fake-trainer.js";

const plan = (options: object) => (network: Parameters<typeof planTraining>[1]) =>
  planTraining("Line.trainer", network, trainerOptions("Line.trainer", options)).request;

const { losses, frozen } = inOrder(
  plan({ learningRates: { "box.bias": 0 } })({ ...manifest, train: manifest.train! }),
);
const built: Manifest = { ...manifest, training: trainingOf(losses, frozen) };

const asked = (options: object, of = built): Promise<string> =>
  onlyVariant({ directory: "/built", manifest: of })({ train: plan(options) }).then(
    () => "is built",
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );

it("a built folder trains as it was built to, and not otherwise", async () => {
  expect(await asked({ learningRates: { "box.bias": 0, "prob.*": 2 } })).toBe("is built");
  expect(await asked({})).toBe(
    "artefact/variant: /built was not built with derivatives by box.bias.",
  );
  expect(await asked({ learningRates: { "box.*": 0 } })).toBe(
    "artefact/variant: /built was not built without derivatives by box.weight.",
  );
  const other = { prob: { kind: "cross_entropy", ignore: 0 }, box: { kind: "mean_squared_error" } };
  expect(await asked({ loss: other, learningRates: { "box.bias": 0 } })).toBe(
    "artefact/variant: /built was not built with these losses.",
  );
  expect(await asked({}, manifest)).toBe("artefact/variant: /built was not built to be trained.");
});

it("a manifest says of training what it was written with, and nothing that is out of range", () => {
  const read = (of: object): Manifest => parseManifest("m.json", JSON.stringify(of));
  expect(read(built)).toEqual(built);
  const train = manifest.train!;
  const wrong =
    (changed: object): (() => Manifest) =>
    () =>
      read({ ...built, train: { ...train, ...changed } });
  expect(wrong({ batch: 0 })).toThrow("train.batch is 0");
  expect(wrong({ optimizer: { kind: "sgd", lr: 1 } })).toThrow(
    "train.optimizer.momentum is absent",
  );
  expect(wrong({ optimizer: { kind: "lion" } })).toThrow("train.optimizer.kind");
  expect(wrong({ schedule: { kind: "cosine", epochs: 2, warmup: 2 } })).toThrow("schedule.warmup");
  const inputs = [{ name: "a b", shape: [], dtype: "f32", extent: "image" }];
  expect(() => read({ ...built, training: { ...built.training!, inputs } })).toThrow(
    "training.inputs[0].name",
  );
});
