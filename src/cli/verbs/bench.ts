import { Command, InvalidArgumentError, Option } from "commander";
import { ncnn, requireNcnn } from "../../bench/ncnn/peer.js";
import { onnxRuntime, type Peer, requireOnnxRuntime } from "../../bench/peer.js";
import { counted } from "../../diagnostics/counted.js";
import { requestOf } from "../artefact.js";
import { layersText } from "../bench/layers-table.js";
import {
  type Asked,
  type LayerRuns,
  timeEachLayer,
  timeRuns,
  type WholeRuns,
} from "../bench/run-bench.js";
import { timingText } from "../bench/timing-table.js";
import { loadOptions } from "../load-options.js";
import { loadNetwork } from "../network.js";
import { type BuildFlags, positive, threadsOption, withBuildFlags } from "../options.js";
import { print, printJson } from "../terminal.js";

interface Flags extends BuildFlags {
  readonly batch: readonly number[];
  readonly threads?: number;
  readonly vs?: keyof typeof engines;
  readonly layers?: boolean;
  readonly runs: number;
  readonly weights: string;
}

/** What may be timed beside us; each says at once where it is not there. */
const engines = {
  onnxruntime: (): Peer => onnxRuntime(requireOnnxRuntime()),
  ncnn: (): Peer => ncnn(requireNcnn()),
};

export const bench = (): Command =>
  withBuildFlags(new Command("bench"))
    .description("time a network on this machine, beside another engine or layer by layer")
    .argument("<spec>", "a .incept file")
    .addOption(
      new Option("--batch <sizes>", "images of one run, with commas between")
        .argParser(batches)
        .default([1], "1"),
    )
    .addOption(threadsOption())
    .addOption(
      new Option("--vs <engine>", "run the same network there too, in turns").choices(
        Object.keys(engines),
      ),
    )
    .addOption(
      new Option("--layers", "what each layer takes, by a build that times it").conflicts("vs"),
    )
    .option("--runs <n>", "how many runs are timed, at least", positive, 30)
    .option("--weights <file>", "a checkpoint, or random:SEED", "random:1")
    .addHelpText(
      "after",
      "\nEach engine runs in a process of its own; they get the same numbers, have to\n" +
        "give the same answers, and take turns. Other work on the machine shows in\n" +
        "p10 and p90: where they are far apart the figures say little. A program around\n" +
        "ncnn is compiled on the spot: INCEPT_NCNN says which folder it is installed in.",
    )
    .action(async (spec: string, flags: Flags) => {
      const peers = flags.vs === undefined ? [] : [engines[flags.vs]()];
      const network = loadNetwork(spec, flags);
      const maxBatch = Math.max(flags.maxBatch, ...flags.batch);
      const request = requestOf(spec, network, { ...flags, maxBatch });
      await loadOptions(request, flags);
      const asked: Asked = {
        request,
        batches: flags.batch,
        threads: flags.threads,
        weights: flags.weights,
        runs: flags.runs,
        quiet: flags.json === true,
      };
      if (flags.layers === true) return showLayers(network.name, await timeEachLayer(asked), flags);
      showRuns(network.name, await timeRuns(asked, peers), flags);
    });

function showRuns(model: string, { threads, peak, ...timed }: WholeRuns, { json }: Flags): void {
  if (json === true) return printJson({ model, threads, ...peakJson(peak), ...timed });
  print(`${timingText({ ...timed, peak })}\n\n${title(model, { threads, peak })}`);
}

function showLayers(
  model: string,
  { batches: all, ...machine }: LayerRuns,
  { json, runs }: Flags,
): void {
  const { threads, peak } = machine;
  if (json === true) return printJson({ model, threads, ...peakJson(peak), batches: all });
  for (const { batch, layers } of all) {
    const time = layers.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0) / 1e6;
    print(`${layersText(layers, batch, peak)}\n`);
    print(`${title(model, machine)}; batch ${batch}: ${time.toFixed(2)} ms together`);
  }
  print(
    `µs: each layer by itself, the median of ${runs} runs. GFLOP/s: of the multiply-adds\n` +
      "that the network asks for; a kernel that does with fewer may pass the peak.",
  );
}

const title = (model: string, { threads, peak }: Pick<WholeRuns, "threads" | "peak">): string => {
  const threaded = `${model}: ${counted(threads, "thread")}`;
  if (peak === undefined) return threaded;
  return `${threaded}, peak ${(peak.flops / 1e9).toFixed(0)} GFLOP/s of ${peak.level}`;
};

const peakJson = (peak: WholeRuns["peak"]): object =>
  peak === undefined ? {} : { peak: peak.flops, peakLevel: peak.level };

function batches(text: string): readonly number[] {
  const sizes = text.split(",").map(Number);
  if (sizes.every((n) => Number.isSafeInteger(n) && n >= 1)) return sizes;
  throw new InvalidArgumentError("Write whole numbers of at least 1, such as 1,8.");
}
