import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EngineResult } from "../src/bench/bench.js";
import { ratioOf, type Timed } from "../src/cli/bench/timing-table.js";
import { barChart } from "./bar-chart.js";
import { table } from "./table.js";

export interface CaseResult extends Timed {
  readonly network: string;
  readonly threads: number;
}

export interface Results {
  readonly date: string;
  readonly cpu: string;
  /** Of the builds: `avx512`. */
  readonly level: string;
  /** Processes that wanted to run in the minute before, ours not among them. */
  readonly load: number;
  readonly node: string;
  readonly cases: readonly CaseResult[];
}

interface Row {
  readonly result: CaseResult;
  readonly batch: number;
  readonly ours: EngineResult;
  readonly theirs: EngineResult;
}

/** Of each case and batch we beside each other engine. */
const rowsOf = ({ cases }: Results): readonly Row[] =>
  cases.flatMap((result) =>
    result.batches.flatMap(({ batch, engines: [ours, ...others] }) =>
      others.map((theirs) => ({ result, batch, ours: ours!, theirs })),
    ),
  );

/** Markdown, ready for README.md. `ratio` is how many times as fast we are. */
export function speedTable(results: Results): string {
  const head = ["network", "threads", "batch", "inceptc ms (p10..p90)", "of peak", "beside"];
  return table(
    [...head, "ms (p10..p90)", "ratio", "difference"],
    rowsOf(results).map(({ result, batch, ours, theirs }) => [
      ...[
        result.network,
        `${result.threads}`,
        `${batch}`,
        shown(ours),
        peakShare(result, batch, ours),
      ],
      ...[theirs.engine, shown(theirs), `${ratioOf(ours, theirs).toFixed(2)}x`],
      (theirs.difference ?? 0).toExponential(1),
    ]),
  );
}

/** Markdown: of each process, at its worst moment. */
export const memoryTable = ({ cases }: Results): string =>
  table(
    ["network", "threads", "engine", "MiB", "of them since it was loaded"],
    cases.flatMap(({ network, threads, memory }) =>
      memory.map(({ engine, peak, before }) => [
        ...[network, `${threads}`, engine, mebibytes(peak), mebibytes(peak - before)],
      ]),
    ),
  );

/** SVG: how many times as fast as one other engine. */
export function ratioChart(results: Results, engine: string): string {
  const rows = rowsOf(results).filter(({ theirs }) => theirs.engine === engine);
  const bars = rows.map(({ result, batch, ours, theirs }) => {
    const ratio = ratioOf(ours, theirs);
    const times = [ours, theirs].map(({ timing }) => timing.median.toPrecision(3));
    return {
      name: nameOf(result, batch),
      value: ratio,
      label: `${ratio.toFixed(2)}x  (${times.join(" : ")} ms)`,
    };
  });
  const { date, cpu, level, load } = results;
  return barChart(
    `How many times as fast as ${engine}`,
    `${cpu}, ${level}, f32, medians; ${date}, load ${load.toFixed(1)}`,
    bars,
    { of: `time of ${engine} / time of inceptc`, even: 1 },
  );
}

const nameOf = ({ network, threads }: CaseResult, batch: number): string =>
  `${network}, ${batch} image${batch === 1 ? "" : "s"}${threads === 1 ? ", 1 thread" : ""}`;

function peakShare({ macs, peak }: CaseResult, batch: number, { timing }: EngineResult): string {
  if (peak === undefined) return "";
  return `${((200 * 1000 * macs * batch) / timing.median / peak.flops).toFixed(0)} %`;
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const shown = ({ timing: { median, p10, p90 } }: EngineResult): string =>
  `${median.toFixed(2)} (${p10.toFixed(2)}..${p90.toFixed(2)})`;

/** Writes `results/<date>-<cpu>-<level>.json` below `folder`, a picture beside it; gives their paths. */
export function save(folder: string, results: Results): readonly string[] {
  mkdirSync(join(folder, "results"), { recursive: true });
  const cpu = results.cpu.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const stem = join(folder, "results", `${results.date}-${cpu}-${results.level}`);
  const files = {
    [`${stem}.json`]: `${JSON.stringify(results, undefined, 2)}\n`,
    [`${stem}.svg`]: ratioChart(results, "onnxruntime"),
  };
  for (const [file, content] of Object.entries(files)) writeFileSync(file, content);
  return Object.keys(files);
}
