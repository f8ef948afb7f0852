/**
 * `npm run bench`: networks of examples/ beside ONNX Runtime, by the machinery of `inceptc bench`.
 *
 *     npm run bench -- --only googlenet --batch 1 --runs 100 --save
 */
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onnxRuntime, requireOnnxRuntime } from "../src/bench/peer.js";
import { timeRuns } from "../src/cli/bench/run-bench.js";
import { readSource } from "../src/model/sources/files.js";
import { hostLevel } from "../src/targets/cpu/level.js";
import { networkOf } from "../test/support/network.js";
import { cases } from "./cases.js";
import { benchOptions } from "./options.js";
import { type CaseResult, memoryTable, type Results, save, speedTable } from "./report.js";
import { cpuName } from "./table.js";

const here = dirname(fileURLToPath(import.meta.url));
const flags = benchOptions(process.argv.slice(2));
const load = loadavg()[0]!;
const peers = [onnxRuntime(requireOnnxRuntime())];

const results: CaseResult[] = [];
for (const { network, threads, algebra = true, batches: all } of cases) {
  const batches = all.filter((batch) => flags.batch.includes(batch));
  if (!flags.only.includes(network) || batches.length === 0) continue;
  const name = algebra ? network : `${network}, no algebra`;
  process.stderr.write(`${name}, threads ${threads}\n`);
  const spec = join(here, `../examples/${network}/${network}.incept`);
  const request = { spec, network: networkOf(readSource(spec)), target: "cpu", algebra } as const;
  const asked = { request, batches, threads, weights: "random:1", runs: flags.runs, quiet: false };
  results.push({ network: name, ...(await timeRuns(asked, peers)) });
}

const all: Results = {
  ...{ date: new Date().toISOString().slice(0, 10), cpu: cpuName(), level: hostLevel() },
  ...{ load, node: process.version, cases: results },
};
process.stdout.write(
  `${all.cpu}, ${all.level}, load ${load.toFixed(1)} before\n\n${speedTable(all)}\n\n${memoryTable(all)}\n`,
);
if (flags.save) for (const file of save(here, all)) process.stderr.write(`wrote ${file}\n`);
