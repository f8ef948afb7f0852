/** Measures the ways to compute each distinct layer of a network on this machine, and keeps the times. */
import { InceptError } from "../../diagnostics/incept-error.js";
import { buildGraph } from "../../graph/build.js";
import { runPasses } from "../../passes/run.js";
import { type CpuLevel, hostLevel } from "../../targets/cpu/level.js";
import { measuredLevel, type Variant, variantOf } from "../choose/variant.js";
import { pipelineOf, targetOf } from "../project/project.js";
import { foreign, kernelsHere, processor } from "../records/circumstances.js";
import {
  readRecords,
  type RecordsFile,
  recordsPath,
  writeRecords,
} from "../records/records-file.js";
import type { BuildRequest } from "../request.js";
import { layersOf, type TunedLayer } from "./layers.js";
import { type MeasuredLayer, measureLayers } from "./measure-layers.js";
import type { TuneEvent } from "./measure.js";

export interface TuneOptions {
  /** Default: one a physical core; where only what is missing is measured, as many as for the rest. */
  readonly threads?: number | undefined;
  /** How often each way is timed; the least counts. Default: 20. */
  readonly rounds?: number | undefined;
  /** Leave out what this machine's records have already. Default: `false`. */
  readonly missing?: boolean | undefined;
  readonly onProgress?: ((event: TuneEvent) => void) | undefined;
}

export interface TuneResult {
  /** The file of the records. */
  readonly file: string;
  /** Those that were measured with; 0 where nothing was measured. */
  readonly threads: number;
  /** Those that were measured. */
  readonly layers: readonly MeasuredLayer[];
}

/** More than caches hold: past that it makes no difference how much lies between two runs. */
const mostWalked = 1 << 26;

/**
 * @throws InceptError `build/tune` where the network is not the CPU's or has no passes, and what
 *   building and measuring throw
 */
export async function tune(request: BuildRequest, options: TuneOptions = {}): Promise<TuneResult> {
  const { rounds = 20, missing = false, onProgress = () => undefined } = options;
  const level = tunedLevel(request);
  const { layers: all, bytes } = tunable(request, level);
  const own = { processor: processor(), level, kernels: kernelsHere() };
  const before = recordsOf(request.spec, own);
  const layers = all.filter(({ key }) => !missing || before?.microseconds.has(key) !== true);
  const file = recordsPath(request.spec);
  if (layers.length === 0) return { file, threads: 0, layers: [] };
  // What is added to other times is measured as they were.
  const threads = options.threads ?? (missing ? before?.threads : undefined) ?? 0;
  const timing = { threads, rounds, bytes };
  const made = await measureLayers(request.network, layers, level, timing, onProgress);
  // Times of another number of threads mean nothing beside these.
  const kept = before?.threads === made.threads ? before.microseconds : [];
  const times = made.layers.map(({ key, microseconds }) => [key, microseconds] as const);
  const microseconds = new Map([...kept, ...times]);
  writeRecords(request.spec, { ...own, threads: made.threads, microseconds });
  return { file, ...made };
}

/** The instruction set that the request is for; of several the one that this machine runs best. */
function tunedLevel(request: BuildRequest): CpuLevel {
  const { levels } = variantOf({ ...request, records: "none", train: undefined });
  return levels.length === 0 ? hostLevel() : measuredLevel(levels);
}

/** What of a network can be measured, and how many bytes it reads between two runs of a layer. */
export function tunable(
  request: BuildRequest,
  level: CpuLevel,
  fewestWays?: number,
): { readonly layers: readonly TunedLayer[]; readonly bytes: number } {
  const variant = variantOf({ ...request, records: "none", force: [], train: undefined });
  requireTunable(variant);
  const target = targetOf(variant, level);
  const written = buildGraph(request.network, variant);
  const { graph } = runPasses(written, target.traits, pipelineOf(variant));
  const compiled = target.compile(graph);
  const { weightBytes, arenaBytes } = compiled.program;
  const bytes = Math.min(weightBytes + arenaBytes, mostWalked);
  return { layers: layersOf(graph, compiled, fewestWays), bytes };
}

function requireTunable({ target, passes, precision }: Variant): void {
  if (target !== "cpu") {
    throw new InceptError("build/tune", "A GPU's library chooses the kernels of its layers.", {
      help: "its choice is made when the network is loaded; for the CPU add --target cpu",
    });
  }
  if (precision !== "f32") {
    throw new InceptError("build/tune", "Times are measured in f32, and decide nothing in bf16.", {
      help: "leave the precision out",
    });
  }
  if (passes) return;
  throw new InceptError("build/tune", "Without passes all is computed by the references.", {
    help: "leave out --no-passes: there is nothing to choose",
  });
}

/** The records that are there, if they are of this machine and these kernels. */
function recordsOf(spec: string, own: Parameters<typeof foreign>[1]): RecordsFile | undefined {
  const there = readRecords(spec);
  return there === undefined || foreign(there, own) !== undefined ? undefined : there;
}
