/** What the flags of `inceptc train` ask a trainer for. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { TrainFlags } from "../../../src/cli/train/flags.js";
import { trainerOptions } from "../../../src/cli/train/trainer-options.js";
import { trainableOf } from "../../../src/emit/trainable.js";
import { networkOf } from "../../support/network.js";

const network = trainableOf(
  networkOf(`model Net {
    input image: f32[3, 8, 8]
    stem: conv(3x3, 8, norm: batchnorm)
    output prob: globalavgpool -> linear(3) as fc
    train { optimizer: sgd(lr: 0.2)  schedule: cosine(warmup: 1)  epochs: 8 }
  }`),
);
const base = { ...network.train, epochs: 8 };
const asked = (flags: Partial<TrainFlags>, resume?: string) =>
  trainerOptions(
    network,
    { keepFeatures: true, augment: true, builder: "cmake-js", ...flags },
    base,
    resume,
  );

test("nothing is asked for but that the cosine ends with the run", () => {
  expect(asked({})).toEqual({ schedule: { kind: "cosine", epochs: 8, warmup: 1 } });
  expect(asked({ epochs: 3 }).schedule).toEqual({ kind: "cosine", epochs: 3, warmup: 1 });
  expect(asked({ schedule: "constant" }).schedule).toEqual({ kind: "constant" });
});

test("numbers of the optimizer are those of its kind", () => {
  expect(asked({ lr: 0.5 }).optimizer).toEqual({ kind: "sgd", lr: 0.5 });
  expect(asked({ optimizer: "adamw", weightDecay: 0.1 }).optimizer).toEqual({
    ...{ kind: "adamw", weightDecay: 0.1 },
  });
  expect(() => asked({ optimizer: "adam", momentum: 0.9 })).toThrow(
    "--momentum is no number of adam.",
  );
});

test("weights are where it begins, and a checkpoint where it goes on", () => {
  const init = "xavier" as const;
  const given = { weights: "w.safetensors", fresh: ["fc.*"], init, freeze: ["stem.*"] };
  expect(asked(given)).toMatchObject({
    ...{ weights: "w.safetensors", fresh: ["fc.*"], init, learningRates: { "stem.*": 0 } },
  });
  const resumed = asked(given, "/run/last.checkpoint");
  expect(resumed).toMatchObject({ resume: "/run/last.checkpoint" });
  expect(resumed).not.toHaveProperty("weights");
  expect(resumed).not.toHaveProperty("fresh");
  expect(resumed).not.toHaveProperty("init");
});

test("weights are found by a key and a map", () => {
  const folder = mkdtempSync(join(tmpdir(), "incept-naming-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const rename = join(folder, "map.json");
  writeFileSync(rename, '{"net": ""}');
  const given = { weights: "w.pth", key: "ema", rename };
  expect(asked(given)).toMatchObject({ weights: "w.pth", key: "ema", rename: { net: "" } });
  expect(asked(given, "/run/last.checkpoint")).not.toHaveProperty("key");
});

test.each([
  [{ fresh: ["fc.*"] }, "--fresh is for parameters that --weights has."],
  [{ key: "ema" }, "--key is for the tensors of --weights."],
  [{ rename: "map.json" }, "--rename is for the tensors of --weights."],
  [{ weights: "w", fresh: ["fx.*"] }, "--fresh has the pattern fx.*, which fits no parameter"],
  [{ freeze: ["stam.*"] }, "did you mean stem"],
  [{ schedule: "step" as const }, "--schedule step needs to know when, and by how much."],
  [{ schedule: "constant" as const, warmup: 2 }, "--warmup is a part of a cosine"],
  [{ epochs: 1 }, "Of 1 epoch the schedule's warmup takes 1, which leaves none"],
  [{ epochs: 2, warmup: 3 }, "Of 2 epochs --warmup takes 3, which leaves none"],
])("%j does not go together", (flags, message) => {
  expect(() => asked(flags)).toThrow(message);
});
