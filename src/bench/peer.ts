/** ONNX Runtime beside us: whether it is there, and the same network for it. */
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { InceptError } from "../diagnostics/incept-error.js";
import { buildGraph } from "../graph/build.js";
import { parametersOf } from "../graph/graph.js";
import type { Network } from "../model/network.js";
import { exportOnnx } from "../onnx/export.js";
import { loadOptions } from "../runtime/option-readers.js";
import { loadWeights } from "../runtime/weights/load.js";
import { type Command, ownCommand } from "./contestant.js";

const name = "onnxruntime-node";

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
      return createRequire(base).resolve(name);
    } catch {
      // Not there: the next place.
    }
  }
  throw new InceptError("bench/no-peer", `The package ${name} was not found.`, {
    help: `install it beside inceptc: npm install --save-dev ${name}`,
  });
}

export interface PeerOptions {
  readonly network: Network;
  readonly aux: boolean;
  /** As `load` takes them; both engines get the same. */
  readonly weights: string;
  readonly threads: number;
  /** Where its model is written. */
  readonly folder: string;
  readonly module: string;
}

/** ONNX Runtime with the network as `inceptc export` writes it. */
export async function onnxRuntimeCommand(options: PeerOptions): Promise<Command> {
  const { network, threads, module } = options;
  const model = join(options.folder, "model.onnx");
  const graph = buildGraph(network, { aux: options.aux });
  const parameters = parametersOf(graph);
  const { weights } = loadOptions(`${network.name}.load`, { weights: options.weights });
  const { values } = await loadWeights(weights, parameters, { settings: network.settings });
  const named = new Map(parameters.map((parameter, i) => [parameter.name, values[i]!]));
  await writeFile(model, exportOnnx(graph, named));
  return ownCommand("onnxruntime", { engine: "onnxruntime", model, threads, module });
}
