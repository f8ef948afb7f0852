/** ONNX Runtime beside us: whether it is there, and the same network for it. */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { buildGraph } from "../graph/build.js";
import { type Graph, parametersOf } from "../graph/graph.js";
import type { Network } from "../model/network.js";
import { exportOnnx } from "../onnx/export.js";
import { loadOptions } from "../runtime/option-readers.js";
import { loadWeights } from "../runtime/weights/load.js";
import { type Command, ownCommand } from "./contestant.js";

const packageName = "onnxruntime-node";

/** Where packages are looked for: as the caller's project has them, then where inceptc is installed. */
const places = (): readonly string[] => [join(process.cwd(), "package.json"), import.meta.url];

/**
 * The file of the package that an import of it would load.
 *
 * @throws InceptError `bench/no-peer`
 */
export function requireOnnxRuntime(from = places()): string {
  for (const base of from) {
    try {
      return createRequire(base).resolve(packageName);
    } catch {
      // Not there: the next place.
    }
  }
  throw new InceptError("bench/no-peer", `The package ${packageName} was not found.`, {
    help: `install it beside inceptc: npm install --save-dev ${packageName}`,
  });
}

/** What another engine is given; what it gives is how its process is started. */
export type Peer = (options: PeerOptions) => Promise<Command>;

export interface PeerOptions {
  readonly network: Network;
  readonly aux: boolean;
  /** As `load` takes them; all engines get the same. */
  readonly weights: string;
  readonly threads: number;
  /** Where its files are written. */
  readonly folder: string;
}

/**
 * ONNX Runtime with the network as `inceptc export` writes it.
 *
 * @param module the package's file
 */
export const onnxRuntime =
  (module: string): Peer =>
  async (options) => {
    const model = join(options.folder, "model.onnx");
    await writeFile(model, await onnxModel(options));
    const { threads } = options;
    return ownCommand("onnxruntime", { engine: "onnxruntime", model, threads, module });
  };

async function onnxModel(options: PeerOptions): Promise<Uint8Array> {
  const { graph, values } = await valuesOf(options);
  return exportOnnx(graph, values);
}

/** The network as written, and the numbers of its parameters by name. */
export async function valuesOf({
  network,
  aux,
  ...given
}: Pick<PeerOptions, "network" | "aux" | "weights">): Promise<{
  readonly graph: Graph;
  readonly values: ReadonlyMap<string, Float32Array>;
}> {
  const graph = buildGraph(network, { aux });
  const parameters = parametersOf(graph);
  const { weights } = loadOptions(`${network.name}.load`, { weights: given.weights });
  const { values } = await loadWeights(weights, parameters, { settings: network.settings });
  return { graph, values: new Map(parameters.map(({ name }, i) => [name, values[i]!])) };
}
