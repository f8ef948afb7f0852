import { Command } from "commander";
import { tryFile } from "../../build/disk/writable.js";
import type { Model } from "../../runtime/model.js";
import { shownPath } from "../../files/display.js";
import {
  float32Tensor,
  type StoredTensor,
  writeSafetensors,
} from "../../checkpoints/safetensors/write.js";
import { builtModule, requestOf } from "../artefact.js";
import { readInputs } from "../inputs.js";
import { loadNetwork } from "../network.js";
import { loadOptions, type LoadFlags } from "../load-options.js";
import { withNamingFlags } from "../naming.js";
import { type BuildFlags, collectList, threadsOption, withBuildFlags } from "../options.js";
import { print, printJson, table } from "../terminal.js";

interface Flags extends BuildFlags, LoadFlags {
  readonly inputs: string;
  readonly outputs: string;
  readonly tap?: readonly string[];
}

export const run = (): Command =>
  withNamingFlags(withBuildFlags(new Command("run")))
    .description("run tensors from a file through a network, and write what comes out")
    .argument("<spec>", "a .incept file")
    .option("--weights <file>", "a checkpoint: .safetensors, .pth, .h5, …; or random:SEED")
    .requiredOption("--inputs <file>", "a .safetensors file: each input by name, batch first")
    .requiredOption("--outputs <file>", "the .safetensors file to write")
    .option(
      "--tap <paths>",
      "steps whose values are written too: inception_3a,conv_2.2",
      collectList,
    )
    .addOption(threadsOption())
    .action(async (spec: string, flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const request = requestOf(spec, network, flags, flags.tap);
      const options = await loadOptions(request, flags);
      const inputs = await readInputs(flags.inputs, network.inputs);
      await tryFile(flags.outputs);
      const net = await builtModule(request, flags.json === true);
      await using model = await net.load(options);
      const results = await model.run(Object.fromEntries(inputs.values));
      const written = tensors(model, results, inputs.batch);
      await writeSafetensors(flags.outputs, written);
      report(written, flags);
    });

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
  print(`✔ wrote ${shownPath(flags.outputs)}`);
}
