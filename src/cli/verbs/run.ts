import { Command } from "commander";
import { counted } from "../../diagnostics/counted.js";
import { suggest } from "../../diagnostics/suggest.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Shape } from "../../ops/shape.js";
import type { Model } from "../../runtime/model.js";
import type { RenameMap } from "../../runtime/weights/match.js";
import type { WeightSource } from "../../runtime/weights/source.js";
import {
  float32Tensor,
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from "../../runtime/weights/safetensors.js";
import { toFloat32 } from "../../runtime/weights/dtype.js";
import { builtModule, requestOf } from "../artefact.js";
import { loadNetwork } from "../network.js";
import { readRename } from "../rename.js";
import { type BuildFlags, collectList, threadsOption, withBuildFlags } from "../options.js";
import { print, printJson, table } from "../terminal.js";

interface Flags extends BuildFlags {
  readonly weights?: string;
  readonly inputs: string;
  readonly outputs: string;
  readonly rename?: string;
  readonly tap?: readonly string[];
  readonly threads?: number;
}

export const run = (): Command =>
  withBuildFlags(new Command("run"))
    .description("run tensors from a file through a network, and write what comes out")
    .argument("<spec>", "a .incept file")
    .option("--weights <file>", "a .safetensors checkpoint, or random:SEED")
    .requiredOption("--inputs <file>", "a .safetensors file: the input by name, batch first")
    .requiredOption("--outputs <file>", "the .safetensors file to write")
    .option("--rename <map.json>", "names in the checkpoint -> names in the network")
    .option(
      "--tap <paths>",
      "steps whose values are written too: inception_3a,conv_2.2",
      collectList,
    )
    .addOption(threadsOption())
    .action(async (spec: string, flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const inputs = await readInputs(flags.inputs, network.input);
      const request = requestOf(spec, network, flags, flags.tap);
      const net = await builtModule(request, flags.json === true);
      await using model = await net.load(loadOptions(net.parameters.length, flags));
      const results = await model.run({ [network.input.name]: inputs.values });
      const written = tensors(model, results, inputs.batch);
      await writeSafetensors(flags.outputs, written);
      report(written, flags);
    });

/**
 * The weights and threads that `run` and `predict` take. A network without parameters needs none.
 *
 * @throws InceptError `args/missing`
 */
export function loadOptions(
  parameters: number,
  flags: Pick<Flags, "weights" | "rename" | "threads">,
): { weights: WeightSource; rename?: RenameMap; threads?: number } {
  if (flags.weights === undefined && parameters > 0) {
    throw new InceptError(
      "args/missing",
      `The network has ${counted(parameters, "parameter")} to fill.`,
      {
        help: "add --weights FILE.safetensors, or --weights random:1",
      },
    );
  }
  return {
    weights: flags.weights ?? {},
    ...(flags.rename === undefined ? {} : { rename: readRename(flags.rename) }),
    ...(flags.threads === undefined ? {} : { threads: flags.threads }),
  };
}

/** The network's input from the file: f32, or bytes taken as they are, with a leading batch. */
async function readInputs(
  file: string,
  input: { readonly name: string; readonly shape: Shape },
): Promise<{ values: Float32Array; batch: number }> {
  const found = await readSafetensors(file);
  for (const name of found.keys()) {
    if (name !== input.name) throw strayTensor(file, name, input.name);
  }
  const tensor = found.get(input.name);
  if (tensor === undefined) {
    throw new InceptError("inputs/missing", `${file} has no tensor ${input.name}.`);
  }
  const batch = batchOf(file, input, tensor);
  if (tensor.dtype !== "F32" && tensor.dtype !== "U8") {
    throw new InceptError(
      "inputs/dtype",
      `${file}: ${input.name} is ${tensor.dtype}, expected F32 or U8.`,
    );
  }
  return { values: toFloat32(`${file}: ${input.name}`, tensor.dtype, tensor.bytes), batch };
}

function strayTensor(file: string, name: string, input: string): InceptError {
  const near = suggest(name, [input]) !== undefined;
  const hint = near ? `did you mean ${input}?` : `the network's input is ${input}.`;
  return new InceptError("inputs/unknown", `${file}: there is no input ${name}; ${hint}`);
}

function batchOf(
  file: string,
  { name, shape }: { readonly name: string; readonly shape: Shape },
  tensor: StoredTensor,
): number {
  const [batch = 0, ...image] = tensor.shape;
  if (batch > 0 && image.length === shape.length && image.every((d, i) => d === shape[i])) {
    return batch;
  }
  throw new InceptError(
    "inputs/shape",
    `${file}: ${name} is [${tensor.shape.join(", ")}], expected [N, ${shape.join(", ")}] with N of at least 1.`,
    tensor.shape.length === shape.length ? { help: "add a leading batch dimension" } : {},
  );
}

const tensors = (
  model: Model,
  results: Readonly<Record<string, Float32Array>>,
  batch: number,
): Map<string, StoredTensor> =>
  new Map(
    Object.entries(model.info.outputs).map(([name, shape]) => [
      name,
      float32Tensor([batch, ...shape], results[name] ?? new Float32Array()),
    ]),
  );

function report(written: ReadonlyMap<string, StoredTensor>, flags: Flags): void {
  const shapes = [...written].map(([name, { shape }]) => ({ name, shape }));
  if (flags.json === true) return printJson({ outputs: flags.outputs, tensors: shapes });
  print(
    table(
      shapes.map(({ name, shape }) => [name, shape.join(" x ")]),
      [],
      "  ",
    ),
  );
  print(`✔ wrote ${flags.outputs}`);
}
