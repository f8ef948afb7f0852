/**
 * Auxiliary heads: what they do to the gradients of early stages and to accuracy, in a network of
 * GoogLeNet's depth as it was made in 2014, with He's first values, and with norms.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lineChart, type Panel } from "../../src/cli/line-chart.js";
import { loadModel, type NetworkModule, split } from "../../src/index.js";
import type { Experiment, ExperimentRun } from "./experiment.js";
import { gradients, rms, type Values } from "./gradients.js";
import { meanByEpoch, type Row, trained, writeCsv } from "./train.js";

const folder = "examples/auxiliary-heads";
const variants = [
  { name: "xavier", title: "As in 2014 (xavier)", spec: "deep", init: "xavier" },
  { name: "kaiming", title: "He's values (kaiming)", spec: "deep", init: "kaiming" },
  { name: "batchnorm", title: "With batch norm", spec: "deep-batchnorm", init: "kaiming" },
] as const;

/** Layers with weights from the picture to the classifier, by the longest way: GoogLeNet's 22. */
const depth = [
  ...["conv_1", "conv_2.0", "conv_2.1"],
  ...["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"].flatMap((name) => [
    `inception_${name}.b3.0`,
    `inception_${name}.b3.1`,
  ]),
  "classifier",
];
const early = "conv_1";
const weight = 0.3;
const sides = [
  { name: "without heads", weight: 0 },
  { name: "with heads", weight },
] as const;

interface Gradient {
  readonly variant: string;
  readonly trained: (typeof sides)[number]["name"];
  readonly seed: number;
  readonly epoch: number;
  /** Of which loss: the output's alone, or with 0.3 of each head's. */
  readonly loss: "output" | "output and heads";
  readonly layer: string;
  /** Root of the mean square of the weight's gradient on one batch. */
  readonly rms: number;
}

type Curve = Row & {
  readonly variant: string;
  readonly trained: string;
  readonly seed: number;
};

export const heads: Experiment = {
  about: "auxiliary heads of weight 0 and 0.3: gradients of early layers, accuracy",
  async run(run) {
    const gradientRows: Gradient[] = [];
    const curves: Curve[] = [];
    for (const variant of variants) {
      const { channels, side, classes } = run.data;
      const settings = { channels, side, classes };
      const net = await loadModel(`${folder}/${variant.spec}.incept`, { set: settings });
      for (const seed of run.seeds) {
        for (const each of sides) {
          curves.push(...(await one(net, variant, each, seed, run, gradientRows)));
          // After each, so that one that fails costs nobody the others.
          writeCsv(join(run.out, "accuracy.csv"), curves);
          writeCsv(join(run.out, "gradients.csv"), gradientRows);
        }
      }
    }
    const size = { columns: variants.length, panel: [400, 300] as const };
    const write = (file: string, title: string, panels: readonly Panel[]): void =>
      writeFileSync(join(run.out, file), lineChart(title, panels, size));
    const [seed] = run.seeds as [number];
    write(
      "depth.svg",
      `Gradients before the first step, seed ${seed}`,
      depthPanels(gradientRows, seed),
    );
    write(
      "early.svg",
      `Gradients of the first layer, seed ${seed}`,
      earlyPanels(gradientRows, seed),
    );
    write("accuracy.svg", "Right of the pictures held back", accuracyPanels(curves));
  },
};

async function one(
  net: NetworkModule,
  { name, init }: (typeof variants)[number],
  side: (typeof sides)[number],
  seed: number,
  { data, epochs, threads }: ExperimentRun,
  gradientRows: Gradient[],
): Promise<Curve[]> {
  const auxWeights = (weight: number) => ({ loss_1: weight, loss_2: weight });
  const batch = 64;
  const probe = split(data.train, { validation: batch / data.train.size, seed: 3 }).validation;
  await using trainer = await net.trainer({
    ...{ init, seed, auxWeights: auxWeights(side.weight), batch },
    ...(threads === undefined ? {} : { threads }),
  });
  const scratch = mkdtempSync(join(tmpdir(), "incept-experiment-"));
  const weights = join(scratch, "weights.safetensors");
  const look = async (epoch: number): Promise<void> => {
    await trainer.exportWeights(weights);
    for (const [loss, count] of [["output", 0] as const, ["output and heads", weight] as const]) {
      const all = await gradients(net, weights, auxWeights(count), probe, scratch, threads);
      for (const layer of depth) {
        const at = { variant: name, trained: side.name, seed, epoch, loss, layer };
        gradientRows.push({ ...at, rms: rms(weightOf(all, layer)) });
      }
    }
  };
  const label = `${name}, ${side.name}, seed ${seed}`;
  const rows = await trained(label, trainer, data, epochs, look).finally(() =>
    rmSync(scratch, { recursive: true }),
  );
  return rows.map((row) => ({ variant: name, trained: side.name, seed, ...row }));
}

/** A convolution with a norm has its own name below the layer's. */
function weightOf(all: Values, layer: string): Float32Array {
  const own = all.get(`${layer}.weight`) ?? all.get(`${layer}.conv.weight`);
  if (own === undefined) throw new Error(`There is no layer ${layer}.`);
  return own;
}

/** The powers of ten that all gradients lie between: panels beside one another are read as one. */
function decades(rows: readonly Gradient[]): readonly [number, number] {
  const all = rows.map((row) => row.rms).filter((value) => value > 0);
  const power = (value: number, round: (x: number) => number): number =>
    10 ** round(Math.log10(value));
  return [power(Math.min(...all), Math.floor), power(Math.max(...all), Math.ceil)];
}

/** The first values are the same with and without heads: what differs is whose loss is derived. */
const depthPanels = (rows: readonly Gradient[], seed: number): Panel[] =>
  variants.map(({ name, title }) => ({
    ...{ title, x: "layer, from the picture", y: "log" as const, range: decades(rows) },
    curves: (["output", "output and heads"] as const).map((loss) => ({
      name: loss,
      points: rows
        .filter((row) => row.variant === name && row.epoch === 0 && row.seed === seed)
        .filter((row) => row.trained === sides[0].name && row.loss === loss && row.rms > 0)
        .map((row) => [depth.indexOf(row.layer) + 1, row.rms] as const),
    })),
  }));

/** Of the output's loss for both: what the heads add at a moment is what `depth.svg` shows. */
const earlyPanels = (rows: readonly Gradient[], seed: number): Panel[] =>
  variants.map(({ name, title }) => ({
    ...{ title, x: "epoch", y: "log" as const, range: decades(rows) },
    curves: sides.map((side) => ({
      name: side.name,
      points: rows
        .filter((row) => row.variant === name && row.layer === early && row.seed === seed)
        .filter((row) => row.trained === side.name && row.loss === "output")
        .filter((row) => row.epoch > 0 && row.rms > 0)
        .map((row) => [row.epoch, row.rms] as const),
    })),
  }));

/** Means over seeds. */
const accuracyPanels = (rows: readonly Curve[]): Panel[] =>
  variants.map(({ name, title }) => ({
    ...{ title, x: "epoch", y: "percent" as const, range: [0, 1] as const },
    curves: sides.map((side) => ({
      name: side.name,
      points: meanByEpoch(
        rows.filter((row) => row.variant === name && row.trained === side.name),
        ({ top1 }) => top1,
      ),
    })),
  }));
