/** What whole runs take, as a table of 80 columns. */
import type { BatchResult, EngineMemory, EngineResult } from "../../bench/bench.js";
import type { Peak } from "../../bench/peak.js";
import { figure } from "../figures.js";
import { bytes, table } from "../terminal.js";

export interface Timed {
  readonly batches: readonly BatchResult[];
  readonly memory: readonly EngineMemory[];
  /** Multiply-adds of an image, as the network says. */
  readonly macs: number;
  readonly peak: Peak | undefined;
}

/** A row an engine and batch; `ratio` is how many times as fast as the others the first one is. */
export function timingText(timed: Timed): string {
  const versus = timed.memory.length > 1;
  const head = ["batch", "engine", "ms", "p10", "p90", "images/s", "of peak"];
  const rows = timed.batches.flatMap(({ batch, engines }) =>
    engines.map((engine, i) => [
      i === 0 ? `${batch}` : "",
      ...cells(engine, batch, timed),
      ...(versus ? [i === 0 ? "" : `${ratioOf(engines[0]!, engine).toFixed(2)}x`] : []),
    ]),
  );
  const titles = versus ? [...head, "ratio"] : head;
  return [
    table([titles, ...rows], [0, 2, 3, 4, 5, 6, 7]),
    "",
    table(
      timed.memory.map(({ engine, version, peak, before }) => [
        `${engine} ${version}`,
        `${bytes(peak)} at worst, ${bytes(peak - before)} of them since it was loaded`,
      ]),
    ),
  ].join("\n");
}

function cells({ engine, timing }: EngineResult, batch: number, { macs, peak }: Timed): string[] {
  const { median, p10, p90 } = timing;
  const rate = (1000 * batch) / median;
  const share = peak === undefined ? "" : `${((200 * macs * rate) / peak.flops).toFixed(0)} %`;
  return [engine, ...[median, p10, p90].map((time) => figure(time)), figure(rate), share];
}

/** How many times as long the other takes. */
export const ratioOf = (ours: EngineResult, other: EngineResult): number =>
  other.timing.median / ours.timing.median;
