/**
 * `npx tsx bench/training/accuracy.ts FOLDER`: what a recipe reached here and in PyTorch, of the epochs'
 * tables in the folder, `ours-SEED.csv` (curves.csv of `inceptc train`) and `torch-SEED.csv` (of
 * torch_accuracy.py). Writes accuracy.svg beside them and prints the means.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Curve, lineChart } from "../../src/cli/line-chart.js";
import { table } from "../table.js";

interface Run {
  readonly seed: number;
  /** Shares of right answers and losses in validation, by epoch. */
  readonly top1: readonly number[];
  readonly loss: readonly number[];
}

const columns = {
  ours: { top1: "validation_top1", loss: "validation_loss" },
  torch: { top1: "top1", loss: "loss" },
} as const;
const names = { ours: "inceptc", torch: "PyTorch" } as const;
const engines = ["ours", "torch"] as const;

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder of the tables.");

const runsOf = (engine: (typeof engines)[number]): Run[] =>
  readdirSync(folder)
    .flatMap((file) => {
      const seed = new RegExp(`^${engine}-(\\d+)\\.csv$`).exec(file)?.[1];
      return seed === undefined ? [] : [Number(seed)];
    })
    .sort((a, b) => a - b)
    .map((seed) => {
      const [head, ...rows] = readFileSync(join(folder, `${engine}-${seed}.csv`), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(","));
      const column = (name: string): number[] => {
        const at = head!.indexOf(name);
        if (at < 0) throw new Error(`${engine}-${seed}.csv has no column ${name}.`);
        return rows.map((row) => Number(row[at]));
      };
      const { top1, loss } = columns[engine];
      return { seed, top1: column(top1), loss: column(loss) };
    });

const runs = { ours: runsOf("ours"), torch: runsOf("torch") };
const shapeOf = (all: readonly Run[]): string =>
  all.map(({ seed, top1 }) => `seed ${seed} of ${top1.length} epochs`).join(", ");
if (shapeOf(runs.ours) !== shapeOf(runs.torch) || runs.ours.length === 0) {
  throw new Error(
    `There is ${shapeOf(runs.ours)} of inceptc, and ${shapeOf(runs.torch)} of PyTorch.`,
  );
}
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number): string => (100 * share).toFixed(1);

const curves = (of: "top1" | "loss"): Curve[] =>
  engines.map((engine) => ({
    name: names[engine],
    points: runs[engine][0]!.top1.map(
      (_, i) => [i + 1, mean(runs[engine].map((run) => run[of][i]!))] as const,
    ),
  }));

const panels = [
  { title: "Loss in validation", x: "epoch", y: "number" as const, curves: curves("loss") },
  { title: "Accuracy (top-1)", x: "epoch", y: "percent" as const, curves: curves("top1") },
];
const seeds = runs.ours.length;
writeFileSync(
  join(folder, "accuracy.svg"),
  lineChart(`CIFAR-10, ${seeds} seeds, means of each epoch`, panels),
);

const cells = engines.map((engine) => {
  const lasts = runs[engine].map(({ top1 }) => top1.at(-1)!);
  const bests = runs[engine].map(({ top1 }) => Math.max(...top1));
  return [
    names[engine],
    ...lasts.map((last, i) => `${percent(last)} (${percent(bests[i]!)})`),
    `${percent(mean(lasts))} (${percent(mean(bests))})`,
  ];
});
const head = runs.ours.map(({ seed }) => `seed ${seed}: last (best) %`);
process.stdout.write(`${table(["", ...head, "mean"], cells)}\n`);
