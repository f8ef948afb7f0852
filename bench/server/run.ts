/**
 * `npm run bench:server`: GoogLeNet behind a server, threads against instances, beside ONNX Runtime.
 * Each engine has a process of its own, and they take turns.
 *
 *     npm run bench:server -- --clients 4 --seconds 5 --rounds 3
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildArtefact } from "../../src/build/build.js";
import { buildGraph } from "../../src/graph/build.js";
import { readSource } from "../../src/model/sources/files.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { networkOf, randomWeights } from "../../test/support/network.js";
import { serverOptions } from "../options.js";
import { cpuName, table } from "../table.js";
import type { Served } from "./serve.js";

const here = dirname(fileURLToPath(import.meta.url));
const { clients, seconds, rounds } = serverOptions(process.argv.slice(2));

/** Two cores: one run on both of them, or two runs on one each. */
const settings = [
  { threads: 2, instances: 1 },
  { threads: 1, instances: 2 },
];
const engines = ["inceptc", "onnxruntime"] as const;

function serve(engine: string, file: string, setting: (typeof settings)[number]): Served {
  const { threads, instances } = setting;
  const numbers = [threads, instances, clients, seconds];
  const args = ["--import", "tsx", join(here, "serve.ts"), engine, file, ...numbers.map(String)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Served;
}

/** The round with the median throughput. */
const typical = (served: readonly Served[]): Served =>
  served.toSorted((a, b) => a.perSecond - b.perSecond)[served.length >> 1]!;

const spec = join(here, "../../examples/googlenet/googlenet.incept");
const folder = mkdtempSync(join(tmpdir(), "incept-bench-"));
try {
  const load = loadavg()[0]!;
  const network = networkOf(readSource(spec));
  const { directory } = await buildArtefact({ spec, network, target: "cpu" });
  const graph = buildGraph(network);
  const model = join(folder, "model.onnx");
  writeFileSync(model, exportOnnx(graph, randomWeights(graph, 1)));
  const files = { inceptc: directory, onnxruntime: model };
  const cases = settings.flatMap((setting) => engines.map((engine) => ({ engine, setting })));
  const served = cases.map((): Served[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { engine, setting }] of cases.entries()) {
      served[i]!.push(serve(engine, files[engine], setting));
    }
  }
  const rows = cases.map(({ engine, setting }, i) => {
    const { perSecond, latency, blocked } = typical(served[i]!);
    return [
      engine,
      `${setting.threads}`,
      `${setting.instances}`,
      perSecond.toFixed(1),
      `${latency.median.toFixed(1)} / ${latency.p99.toFixed(1)}`,
      `${blocked.median.toFixed(1)} / ${blocked.longest.toFixed(1)}`,
    ];
  });
  const header = [
    "engine",
    "threads",
    "instances",
    "images/s",
    "latency ms (median / p99)",
    "event loop held up ms (median / longest)",
  ];
  process.stdout.write(
    `${cpuName()}, ${clients} clients, load ${load.toFixed(1)} before\n\n${table(header, rows)}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
