/**
 * `npm run bench:training`: a training batch (forward, backward, update) beside PyTorch in the better of
 * its layouts, each in a process of its own, in turns.
 */
import { execFile } from "node:child_process";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { trainingOptions } from "../options.js";
import { cpuName, table } from "../table.js";
import { summarise, type Timing } from "../../src/bench/timing.js";

interface Measured {
  readonly milliseconds: readonly number[];
  /** Largest resident memory of the process, and what it had before there was a network, in bytes. */
  readonly peak: number;
  readonly before: number;
}

const here = dirname(fileURLToPath(import.meta.url));
const batches = { "cifar-inception": 64, "simple-inception": 64, googlenet: 16 } as const;
const layouts = ["channels_first", "channels_last"] as const;
const run = promisify(execFile);

const options = trainingOptions(Object.keys(batches), process.argv.slice(2));
const load = loadavg()[0]!;
const rows = [];
for (const network of options.only) {
  const batch = batches[network as keyof typeof batches];
  const flags = [
    ...["--batch", `${batch}`, "--threads", `${options.threads}`],
    ...["--runs", `${options.runs}`],
  ];
  const ours = (): Promise<Measured> =>
    measured(process.execPath, ["--import", "tsx", join(here, "ours.ts"), network, ...flags]);
  const theirs = (layout: string): Promise<Measured> =>
    measured(options.python, [join(here, "torch_batch.py"), network, layout, ...flags]);
  // Compiled before anything is timed.
  await measured(process.execPath, [
    ...["--import", "tsx", join(here, "ours.ts"), network],
    ...["--batch", "1", "--runs", "1", "--warm-up", "0"],
  ]);
  const [own, ...peers]: Measured[][] = [[], ...layouts.map(() => [])];
  for (let round = 0; round < options.rounds; round++) {
    own!.push(await ours());
    for (const [i, layout] of layouts.entries()) peers[i]!.push(await theirs(layout));
  }
  const timings = peers.map((each) => timingOf(each));
  const best = timings.indexOf(timings.reduce((a, b) => (a.median <= b.median ? a : b)));
  rows.push({
    ...{ network, batch, inceptc: timingOf(own!), added: memoryOf(own!) },
    torch: { layout: layouts[best]!, ...timings[best]!, added: memoryOf(peers[best]!) },
  });
}

process.stdout.write(
  `${cpuName()}, ${options.threads} threads, load ${load.toFixed(1)} before\n\n${table(
    [
      "network",
      "batch",
      "inceptc ms (p10..p90)",
      "PyTorch ms (p10..p90)",
      "layout",
      "ratio",
      "MiB",
    ],
    rows.map(({ network, batch, inceptc, torch, added }) => [
      ...[network, `${batch}`, shown(inceptc), shown(torch), torch.layout],
      `${(torch.median / inceptc.median).toFixed(2)}x`,
      `${mebibytes(added)} beside ${mebibytes(torch.added)}`,
    ]),
  )}\n`,
);

async function measured(program: string, args: readonly string[]): Promise<Measured> {
  const { stdout } = await run(program, [...args], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Measured;
}

function timingOf(all: readonly Measured[]): Timing {
  return summarise(all.flatMap(({ milliseconds }) => milliseconds));
}

/** What training added to the process, at worst. */
function memoryOf(all: readonly Measured[]): number {
  return Math.max(...all.map(({ peak, before }) => peak - before));
}

function shown({ median, p10, p90 }: Timing): string {
  return `${median.toFixed(0)} (${p10.toFixed(0)}..${p90.toFixed(0)})`;
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
