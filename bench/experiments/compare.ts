/** Networks beside one another: what they are, what each epoch costs, and how much they get right. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lineChart, type Panel } from "../../src/cli/line-chart.js";
import { buildGraph } from "../../src/graph/build.js";
import { loadModel } from "../../src/index.js";
import { checkFile } from "../../src/model/check-file.js";
import { type Totals, totalsOf } from "../../src/plan/report.js";
import { table } from "../table.js";
import type { ExperimentRun } from "./experiment.js";
import { meanByEpoch, type Row, trained, writeCsv } from "./train.js";

export interface Compared {
  readonly name: string;
  readonly spec: string;
  readonly set?: Readonly<Record<string, number>> | undefined;
}

type Curve = Row & { readonly network: string; readonly seed: number };

export async function compare(
  title: string,
  networks: readonly Compared[],
  { data, epochs, seeds, threads, out }: ExperimentRun,
): Promise<void> {
  const curves: Curve[] = [];
  for (const { name, spec, set } of networks) {
    const net = await loadModel(spec, set === undefined ? {} : { set });
    for (const seed of seeds) {
      const options = { seed, ...(threads === undefined ? {} : { threads }) };
      await using trainer = await net.trainer(options);
      const rows = await trained(`${name}, seed ${seed}`, trainer, data, epochs);
      curves.push(...rows.map((row) => ({ network: name, seed, ...row })));
      // After each, so that one that fails costs nobody the others.
      writeCsv(join(out, "curves.csv"), curves);
    }
  }
  writeFileSync(join(out, "curves.svg"), lineChart(title, panelsOf(networks, curves)));
  process.stdout.write(`\n${table(...tableOf(networks, curves))}\n`);
}

function panelsOf(networks: readonly Compared[], curves: readonly Curve[]): Panel[] {
  const of = (name: string): Curve[] => curves.filter(({ network }) => network === name);
  return [
    {
      ...{ title: "Loss in validation", x: "epoch", y: "number" },
      curves: networks.map(({ name }) => ({
        name,
        points: meanByEpoch(of(name), ({ validationLoss }) => validationLoss),
      })),
    },
    {
      ...{ title: "Accuracy (top-1)", x: "epoch", y: "percent" },
      curves: networks.map(({ name }) => ({
        name,
        points: meanByEpoch(of(name), ({ top1 }) => top1),
      })),
    },
  ];
}

function tableOf(
  networks: readonly Compared[],
  curves: readonly Curve[],
): [readonly string[], readonly (readonly string[])[]] {
  const rows = networks.map(({ name, spec, set }) => {
    const own = curves.filter(({ network }) => network === name);
    const last = Math.max(...own.map(({ epoch }) => epoch));
    const ends = own.filter(({ epoch }) => epoch === last);
    const seconds = own.map((row) => row.seconds).sort((a, b) => a - b);
    const { parameters, macs } = sizeOf(spec, set);
    return [
      name,
      parameters.toLocaleString("en"),
      (macs / 1e6).toFixed(1),
      seconds[0]!.toFixed(1),
      ends.map(({ top1 }) => (100 * top1).toFixed(1)).join(", "),
    ];
  });
  return [["network", "parameters", "M multiply-adds", "s an epoch (best)", "top-1 %"], rows];
}

function sizeOf(spec: string, set: Compared["set"] = {}): Totals {
  const texts = Object.entries(set).map(([name, value]) => [name, String(value)] as const);
  const { network } = checkFile(spec, { set: Object.fromEntries(texts) });
  if (network === undefined) throw new Error(`${spec} has errors.`);
  return totalsOf(buildGraph(network));
}
