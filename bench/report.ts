import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { MemoryMatch } from "./memory.js";
import type { Timing } from "./timing.js";

export interface Row {
  readonly network: string;
  readonly batch: number;
  readonly inceptc: Timing;
  readonly onnxruntime: Timing;
  /** Largest relative L2 difference of an output between the two. */
  readonly difference: number;
}

export interface MemoryRow extends MemoryMatch {
  readonly network: string;
}

export interface Results {
  readonly date: string;
  readonly cpu: string;
  readonly threads: number;
  /** Processes that wanted to run in the minute before, ours not among them. */
  readonly load: number;
  readonly node: string;
  readonly onnxruntime: string;
  readonly rows: readonly Row[];
  readonly memory: readonly MemoryRow[];
}

export const cpuName = (): string => cpus()[0]?.model.trim() ?? "unknown";

/** Markdown, ready for README.md. `ratio` is how many times faster we are. */
export const speedTable = (rows: readonly Row[]): string =>
  table(
    [
      "network",
      "batch",
      "inceptc median ms (p10..p90)",
      "onnxruntime median ms (p10..p90)",
      "ratio",
      "difference",
    ],
    rows.map((row) => [
      row.network,
      `${row.batch}`,
      shown(row.inceptc),
      shown(row.onnxruntime),
      `${(row.onnxruntime.median / row.inceptc.median).toFixed(2)}x`,
      row.difference.toExponential(1),
    ]),
  );

/** Markdown. */
export const memoryTable = (rows: readonly MemoryRow[]): string =>
  table(
    ["network", "inceptc adds (process) MiB", "onnxruntime adds (process) MiB"],
    rows.map(({ network, inceptc, onnxruntime }) => [
      network,
      `${mebibytes(inceptc.added)} (${mebibytes(inceptc.total)})`,
      `${mebibytes(onnxruntime.added)} (${mebibytes(onnxruntime.total)})`,
    ]),
  );

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

export function table(header: readonly string[], cells: readonly (readonly string[])[]): string {
  const widths = header.map((_, i) => Math.max(...[header, ...cells].map((c) => c[i]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const rule = widths.map((width) => "-".repeat(width));
  return [header, rule, ...cells].map(line).join("\n");
}

const shown = ({ median, p10, p90 }: Timing): string =>
  `${median.toFixed(2)} (${p10.toFixed(2)}..${p90.toFixed(2)})`;

/** Writes `results/<date>-<cpu>.json` below `folder` and returns its path. */
export function save(folder: string, results: Results): string {
  mkdirSync(join(folder, "results"), { recursive: true });
  const cpu = results.cpu.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const file = join(folder, "results", `${results.date}-${cpu}.json`);
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  return file;
}
