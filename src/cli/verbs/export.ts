import { basename } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { tryFile } from "../../build/disk/writable.js";
import { writeBeside } from "../../build/disk/write-beside.js";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { auxPaths } from "../../emit/manifest.js";
import { version } from "../../emit/package.js";
import { digestOf } from "../../files/digest.js";
import { shownPath } from "../../files/display.js";
import { realPath } from "../../files/real-path.js";
import { buildGraph } from "../../graph/build.js";
import { parametersOf } from "../../graph/graph.js";
import type { Parameter } from "../../graph/value.js";
import type { Network } from "../../model/network.js";
import { settingText } from "../../model/settings/setting-text.js";
import { exportOnnx, opsets } from "../../onnx/export.js";
import { isOfAux } from "../../runtime/artefact.js";
import { loadOptions } from "../../runtime/option-readers.js";
import { loadWeights } from "../../runtime/weights/load.js";
import { type WeightFlags, weightOptions } from "../load-options.js";
import { withNamingFlags } from "../naming.js";
import { loadNetwork, type ModelFlags } from "../network.js";
import { withModelFlags } from "../options.js";
import { bytes, print, printJson, say } from "../terminal.js";

interface Flags extends ModelFlags, WeightFlags {
  readonly output: string;
  readonly opset: number;
  readonly aux?: boolean;
}

export const exportVerb = (): Command =>
  withNamingFlags(withModelFlags(new Command("export")))
    .description("write a network and its weights as an ONNX model")
    .argument("<spec>", "a .incept file")
    .option("--weights <file>", "a checkpoint: .safetensors, .pth, .h5, …; or random:SEED")
    .requiredOption("-o, --output <file>", "the .onnx file to write")
    .option(
      "--opset <n>",
      `version of ONNX's operators, ${opsets.oldest} to ${opsets.newest}`,
      opsetOf,
      opsets.usual,
    )
    .option("--aux", "with the auxiliary heads, as outputs")
    .action(async (spec: string, flags: Flags) => {
      requireModelName(flags);
      const network = loadNetwork(spec, flags);
      const graph = buildGraph(network, { aux: flags.aux === true });
      const parameters = parametersOf(graph);
      const options = weightOptions(parameters, flags);
      await tryFile(flags.output);
      const weights = await valuesOf(network, parameters, options, flags);
      const model = exportOnnx(graph, weights, {
        opset: flags.opset,
        producerVersion: version,
        ...(network.doc === undefined ? {} : { doc: network.doc }),
        metadata: originOf(spec, network),
      });
      writeBeside(flags.output, model);
      report(flags, model.length, weights.size);
    });

/** A slip of the hand would write over the spec or its weights. */
function requireModelName({ output, weights }: Flags): void {
  if (!output.endsWith(".onnx")) {
    const what = `${shownPath(output)} is not the name of an ONNX model.`;
    throw new InceptError("export/output", what, { help: "give it the ending .onnx" });
  }
  if (weights === undefined || realPath(weights) !== realPath(output)) return;
  throw new InceptError("export/output", `${shownPath(output)} holds the weights themselves.`, {
    help: "give the model another name",
  });
}

/** The parameters' values by name. */
async function valuesOf(
  network: Network,
  parameters: readonly Parameter[],
  options: ReturnType<typeof weightOptions>,
  { aux }: Flags,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { settings } = network;
  const { weights, rename, key, byOrder } = loadOptions(`${network.name}.load`, options);
  const left = { aux: aux === true ? [] : auxPaths(network) };
  const ignored = (name: string): boolean => isOfAux(left, name);
  const naming = { rename, key, byOrder, ignored, settings };
  const { values, unused, remarks } = await loadWeights(weights, parameters, naming);
  const notes = [
    ...remarks,
    ...(unused.length === 0 ? [] : [`${counted(unused.length, "tensor")} were not used`]),
  ];
  if (notes.length > 0) say(`note: ${notes.join("; ")}`);
  return new Map(parameters.map(({ name }, i) => [name, values[i]!]));
}

/** What the model says of the spec that it was made of. */
function originOf(spec: string, { name, sources, settings }: Network): Record<string, string> {
  const set = Object.entries(settings).map(([key, value]) => `${key}=${settingText(value)}`);
  return {
    "inceptc.spec": basename(spec),
    "inceptc.model": name,
    "inceptc.sha256": digestOf(sources[0]!.text).sha256,
    ...(set.length === 0 ? {} : { "inceptc.set": set.join(" ") }),
  };
}

function opsetOf(text: string): number {
  const n = Number(text);
  const { oldest, newest } = opsets;
  if (Number.isInteger(n) && n >= oldest && n <= newest) return n;
  throw new InvalidArgumentError(`It must be a whole number from ${oldest} to ${newest}.`);
}

function report({ output, opset, json }: Flags, size: number, tensors: number): void {
  if (json === true) return printJson({ output, opset, bytes: size, tensors });
  const what = [`opset ${opset}`, counted(tensors, "tensor"), bytes(size)];
  print(`✔ wrote ${shownPath(output)}: ${what.join(", ")}`);
}
