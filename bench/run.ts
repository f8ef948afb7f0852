/**
 * `npm run bench`: the networks of examples/ against ONNX Runtime, side by side in one process,
 * with the same random weights and as many threads.
 *
 *     npm run bench -- --only googlenet --batch 1 --seconds 5 --threads 2 --save
 */
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { relativeL2 } from "../test/support/compare.js";
import { Random } from "../test/support/random.js";
import { type Contestant, type Match, prepare } from "./contestants.js";
import { measureMemory } from "./memory.js";
import { benchOptions } from "./options.js";
import { cpuName, memoryTable, type MemoryRow, type Row, save, speedTable } from "./report.js";
import { duel } from "./timing.js";

const here = dirname(fileURLToPath(import.meta.url));
const networks = ["googlenet", "simple-inception", "cifar-inception"];

/** Two f32 engines that order their sums differently stay well below; a wrong kernel does not. */
const tolerance = 1e-4;

const flags = benchOptions(networks, process.argv.slice(2));
const { batch: batches, threads } = flags;

async function compare(network: string, match: Match, batch: number): Promise<Row> {
  const input = new Random(batch).floats(batch * match.inputSize, -2, 2);
  const ours = () => match.ours.run(input, batch);
  const theirs = () => match.theirs.run(input, batch);
  const difference = await disagreement(ours, theirs);
  if (!(difference <= tolerance)) {
    throw new Error(`${network}: outputs differ by ${difference} from ONNX Runtime's.`);
  }
  const [inceptc, onnxruntime] = await duel(ours, theirs, flags.seconds);
  return { network, batch, inceptc, onnxruntime, difference };
}

async function disagreement(
  ours: () => ReturnType<Contestant["run"]>,
  theirs: () => ReturnType<Contestant["run"]>,
): Promise<number> {
  const [actual, expected] = [await ours(), await theirs()];
  const each = [...expected].map(([name, values]) => relativeL2(actual.get(name) ?? [], values));
  return Math.max(...each);
}

function runtimeVersion(): string {
  const file = join(here, "../node_modules/onnxruntime-node/package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

const load = loadavg()[0]!;
const rows: Row[] = [];
const memory: MemoryRow[] = [];
for (const network of flags.only) {
  process.stderr.write(`${network}: building\n`);
  const spec = join(here, `../examples/${network}/${network}.incept`);
  const match = await prepare(spec, threads, Math.max(...batches));
  for (const batch of batches) {
    process.stderr.write(`${network}: batch ${batch}\n`);
    rows.push(await compare(network, match, batch));
  }
  await match.ours.close();
  await match.theirs.close();
  process.stderr.write(`${network}: memory\n`);
  memory.push({ network, ...measureMemory(match.artefact, match.onnx, threads) });
}

process.stdout.write(
  `${cpuName()}, ${threads} threads, load ${load.toFixed(1)} before\n\n${speedTable(rows)}\n\n${memoryTable(memory)}\n`,
);
if (flags.save) {
  const file = save(here, {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpuName(),
    threads,
    load,
    node: process.version,
    onnxruntime: runtimeVersion(),
    rows,
    memory,
  });
  process.stderr.write(`wrote ${file}\n`);
}
