/** Measures the ways to compute each distinct layer of a network on this machine, and keeps the times. */
import { InceptError } from "../../diagnostics/incept-error.js";
import { buildGraph } from "../../graph/build.js";
import { runPasses } from "../../passes/run.js";
import type { CandidateOptions } from "../../targets/cpu/candidate.js";
import type { CpuLevel } from "../../targets/cpu/level.js";
import { cpuPrecision, measuredLevel, type Variant, variantOf } from "../choose/variant.js";
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
  const made = madeFor(request);
  const { layers: all, bytes } = tunable(request, made.level);
  const own = { processor: processor(), ...made, kernels: kernelsHere() };
  const before = recordsOf(request.spec, own);
  const layers = all.filter(({ key }) => !missing || before?.microseconds.has(key) !== true);
  const file = recordsPath(request.spec, made.precision);
  if (layers.length === 0) return { file, threads: 0, layers: [] };
  // What is added to other times is measured as they were.
  const threads = options.threads ?? (missing ? before?.threads : undefined) ?? 0;
  const timing = { threads, rounds, bytes };
  const measured = await measureLayers(request.network, layers, made, timing, onProgress);
  // Times of another number of threads mean nothing beside these.
  const kept = before?.threads === measured.threads ? before.microseconds : [];
  const times = measured.layers.map(({ key, microseconds }) => [key, microseconds] as const);
  const microseconds = new Map([...kept, ...times]);
  writeRecords(request.spec, { ...own, threads: measured.threads, microseconds });
  return { file, ...measured };
}

/** What the request is for; of several instruction sets the one that this machine runs best. */
function madeFor(request: BuildRequest): Required<CandidateOptions> {
  const variant = variantOf({ ...request, records: "none", train: undefined });
  const { levels, precision } = variant;
  requireTunable(variant);
  return { level: measuredLevel(levels), precision: cpuPrecision(precision) };
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

function requireTunable({ target, passes }: Variant): void {
  if (target !== "cpu") {
    throw new InceptError("build/tune", "A GPU's library chooses the kernels of its layers.", {
      help: "its choice is made when the network is loaded; for the CPU add --target cpu",
    });
  }
  if (passes) return;
  throw new InceptError("build/tune", "Without passes all is computed by the references.", {
    help: "leave out --no-passes: there is nothing to choose",
  });
}

/** The records that are there, if they are of this machine and these kernels. */
function recordsOf(spec: string, own: Parameters<typeof foreign>[1]): RecordsFile | undefined {
  const there = readRecords(spec, own.precision);
  return there === undefined || foreign(there, own) !== undefined ? undefined : there;
}
