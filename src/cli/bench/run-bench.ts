/** What `inceptc bench` does: builds, opens each engine in a process of its own, measures. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type BatchResult, benchBatch, memoryOf } from "../../bench/bench.js";
import { type Command, Contestant, ownCommand } from "../../bench/contestant.js";
import { weightsFile } from "../../bench/drawn-weights.js";
import { writeInputs } from "../../bench/inputs.js";
import { layersOf, type TimedLayer, timeLayers } from "../../bench/layers.js";
import { measurePeak, type Peak } from "../../bench/peak.js";
import type { Peer } from "../../bench/peer.js";
import { runningLevel, variantOf } from "../../build/choose/variant.js";
import { compiledOf } from "../../build/project/project.js";
import type { BuildRequest } from "../../build/request.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { buildGraph } from "../../graph/build.js";
import { totalsOf } from "../../plan/report.js";
import type { Compiled } from "../../targets/target.js";
import { built } from "../artefact.js";
import { exitCode } from "../exit.js";
import { progress } from "../progress.js";
import type { Timed } from "./timing-table.js";

/** What both kinds of measurement are asked with. */
export interface Asked {
  readonly request: BuildRequest;
  readonly batches: readonly number[];
  /** Default: the physical cores. */
  readonly threads: number | undefined;
  readonly weights: string;
  readonly runs: number;
  readonly quiet: boolean;
}

/** Of the machine: how many threads are taken, and what they could do at best. */
interface Machine {
  readonly threads: number;
  readonly peak: Peak | undefined;
}

export interface WholeRuns extends Timed, Machine {}

/** Whole runs, beside those of other engines. */
export async function timeRuns(asked: Asked, peers: readonly Peer[]): Promise<WholeRuns> {
  const { request, batches, runs } = asked;
  const { network, aux = false, precision = "f32" } = request;
  const { directory, manifest } = await built(request, asked.quiet);
  return inFolder(async (folder) => {
    const machine = await machineOf(asked);
    const weights = await weightsFile(asked.weights, manifest.parameters, folder);
    const own = { directory, weights, threads: machine.threads };
    const commands = [ownCommand("inceptc", { engine: "inceptc", ...own })];
    for (const peer of peers) commands.push(await peer({ network, aux, ...own, folder }));
    const subject = {
      inputs: manifest.inputs,
      outputs: manifest.outputs.map(({ name }) => name),
      tolerance: precision === "f32" ? 1e-4 : 0.05,
      folder,
    };
    const shown = progress(asked.quiet);
    try {
      return await withAll(commands, async (contestants) => {
        const results: BatchResult[] = [];
        for (const batch of batches) {
          shown.phase(`batch ${batch}`);
          results.push(await benchBatch(subject, contestants, batch, { runs }));
        }
        const { macs } = totalsOf(buildGraph(network, { aux }));
        return { batches: results, memory: await memoryOf(contestants), macs, ...machine };
      });
    } finally {
      shown.stop();
    }
  });
}

export interface LayersOfBatch {
  readonly batch: number;
  readonly layers: readonly TimedLayer[];
}

export interface LayerRuns extends Machine {
  readonly batches: readonly LayersOfBatch[];
}

/**
 * Each layer by itself.
 *
 * @throws InceptError `args/conflict` where the target is not the CPU
 */
export async function timeEachLayer(asked: Asked): Promise<LayerRuns> {
  const request = { ...asked.request, timed: true };
  const layers = layersOf(namedLayers(request));
  const { directory, manifest } = await built(request, asked.quiet);
  return inFolder(async (folder) => {
    const machine = await machineOf(asked);
    const own = { directory, weights: asked.weights, threads: machine.threads };
    const command = ownCommand("inceptc", { engine: "inceptc", ...own });
    return withAll([command], async ([contestant]) => {
      const results: LayersOfBatch[] = [];
      for (const batch of asked.batches) {
        const inputs = await writeInputs(folder, manifest.inputs, batch);
        await contestant!.ask({ ask: "give", batch, inputs });
        results.push({ batch, layers: await timeLayers(contestant!, layers, asked.runs) });
      }
      return { batches: results, ...machine };
    });
  });
}

function namedLayers(request: BuildRequest): Compiled {
  const variant = variantOf(request);
  if (variant.target === "cpu")
    return compiledOf(request.network, variant, runningLevel(variant.levels));
  throw new InceptError("args/conflict", "Layers are timed on the CPU alone.", {
    help: `leave --layers out, or add --target cpu: the target is ${variant.target}`,
  });
}

/** What a GPU could do is not measured. */
async function machineOf({ request, threads }: Asked): Promise<Machine> {
  const { target, levels } = variantOf(request);
  if (target !== "cpu") return { threads: threads ?? availableParallelism(), peak: undefined };
  const peak = await measurePeak(runningLevel(levels), threads);
  return { threads: threads ?? peak?.threads ?? availableParallelism(), peak };
}

/** The folder goes with the work, however that ends. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "incept-bench-"));
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  const stop = (): never => process.exit(exitCode.interrupted);
  process.once("exit", clear).once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work(folder);
  } finally {
    process.off("exit", clear).off("SIGINT", stop).off("SIGTERM", stop);
    clear();
  }
}

/** All are loaded before the first is asked, and ended whatever happens. */
async function withAll<T>(
  commands: readonly Command[],
  work: (contestants: readonly Contestant[]) => Promise<T>,
): Promise<T> {
  const contestants: Contestant[] = [];
  try {
    for (const command of commands) contestants.push(await Contestant.start(command));
    return await work(contestants);
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.end()));
  }
}
