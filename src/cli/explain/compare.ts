/** `explain --compare`: what networks cost, counted, planned and, if wanted, measured. */
import { InceptError } from "../../diagnostics/incept-error.js";
import { buildGraph } from "../../graph/build.js";
import type { Network } from "../../model/network.js";
import { runPasses } from "../../passes/run.js";
import { totalsOf } from "../../plan/report.js";
import { variantOf } from "../../build/choose/variant.js";
import { pipelineOf, targetOf } from "../../build/project/project.js";
import { requestOf } from "../artefact.js";
import { timeRuns } from "../bench/run-bench.js";
import { loadNetwork, type ModelFlags } from "../network.js";
import type { BuildFlags } from "../options.js";
import type { Compared } from "./comparison.js";

export interface CompareFlags
  extends
    ModelFlags,
    Pick<BuildFlags, "target" | "precision" | "cpu" | "algebra" | "strict" | "without" | "force"> {
  readonly aux?: boolean;
  readonly measure?: boolean;
}

/** @throws InceptError `args/missing` for fewer than two specs */
export async function compareSpecs(
  specs: readonly string[],
  flags: CompareFlags,
): Promise<readonly Compared[]> {
  if (specs.length < 2) {
    throw new InceptError("args/missing", "explain --compare takes at least two specs.", {
      help: "name another one",
    });
  }
  // All before anything is built: what is wrong with the last is not worth the wait.
  const networks = specs.map((spec) => ({ spec, network: loadNetwork(spec, flags) }));
  const rows = networks.map(({ spec, network }) => costs(spec, network, flags));
  if (flags.measure !== true) return rows;
  const timed: Compared[] = [];
  for (const [i, { spec, network }] of networks.entries()) {
    timed.push({ ...rows[i]!, milliseconds: await measure(spec, network, flags) });
  }
  return timed;
}

function costs(spec: string, network: Network, flags: CompareFlags): Compared {
  const written = buildGraph(network, { aux: flags.aux === true });
  const variant = variantOf({ spec, network, ...flags, passes: true, train: undefined });
  const target = targetOf(variant);
  const { graph } = runPasses(written, target.traits, pipelineOf(variant));
  const { weightBytes, arenaBytes } = target.compile(graph).program;
  const { parameters, macs } = totalsOf(written);
  const { name: model, inputs } = network;
  return {
    spec,
    model,
    inputs: inputs.map(({ shape }) => shape),
    parameters,
    macs,
    weightBytes,
    arenaBytes,
  };
}

/** The median milliseconds of one image, by what `bench` would build and run for it. */
async function measure(spec: string, network: Network, flags: CompareFlags): Promise<number> {
  const asked = { ...flags, maxBatch: 1, passes: true, builder: "cmake-js" } as const;
  const { batches } = await timeRuns(
    {
      request: requestOf(spec, network, asked),
      batches: [1],
      threads: undefined,
      weights: "random:1",
      runs: 10,
      quiet: flags.json === true,
    },
    [],
  );
  return batches[0]!.engines[0]!.timing.median;
}
