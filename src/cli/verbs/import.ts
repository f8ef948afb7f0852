import { resolve } from "node:path";
import { Command } from "commander";
import { counted } from "../../diagnostics/counted.js";
import { visibleName } from "../../diagnostics/visible.js";
import { shownPath } from "../../files/display.js";
import { type ImportedOnnx, readOnnx } from "../../import/onnx/read-onnx.js";
import { type WrittenSpec, writtenSpec } from "../../import/written.js";
import { elements } from "../../ops/shape.js";
import { builtModule } from "../artefact.js";
import { Refusal } from "../exit.js";
import { aboutOf } from "../import/about.js";
import { type Places, placesOf, requireFree, requireOthers, writeFiles } from "../import/files.js";
import { type Difference, differences, largest } from "../import/verify.js";
import { loadNetwork } from "../network.js";
import { progress } from "../progress.js";
import { bytes, print, printJson, say } from "../terminal.js";

interface Flags {
  readonly json?: boolean;
  readonly output: string;
  readonly force?: boolean;
  readonly verify?: boolean;
}

export const importVerb = (): Command =>
  new Command("import")
    .description("write the spec and the weights of an ONNX model")
    .argument("<model>", "a .onnx file, with what it names beside it")
    .requiredOption("-o, --output <spec>", "the .incept file; .safetensors goes beside it")
    .option("--force", "write over files that are there")
    .option("--verify", "compile the spec, and run it beside the nodes as they were read")
    .addHelpText(
      "after",
      `
The model of the spec is called after its file. What is written is read again:
it has to be the graph that was read, node by node and number by number. A model
with nodes that a spec has no word for is refused, with all of them, and nothing
is written. Where --verify finds a difference, the files stay and the exit code
is 1.`,
    )
    .action(async (model: string, flags: Flags) => {
      const places = placesOf(flags.output);
      await requireFree(places, flags.force === true);
      const imported = await readOnnx(model);
      try {
        requireOthers(places, [model, ...imported.beside]);
        const written = writtenSpec(imported, aboutOf(imported, model, places.spec));
        await writeFiles(places, written, flags.force === true);
        const quiet = flags.json === true;
        if (!quiet) report(imported, written, places);
        const found = flags.verify === true ? await verify(imported, places, quiet) : undefined;
        if (quiet) printJson(json(imported, written, places, found));
        if (found?.some(isFar) === true) throw new Refusal();
      } finally {
        await imported.close();
      }
    });

const isFar = ({ relative }: Difference): boolean => !(relative <= largest);

async function verify(
  imported: ImportedOnnx,
  { spec, weights }: Places,
  quiet: boolean,
): Promise<readonly Difference[]> {
  const network = loadNetwork(spec, {});
  const net = await builtModule({ spec: resolve(spec), network }, quiet);
  await using built = await net.load({ weights });
  const shown = progress(quiet);
  shown.phase("running the model's own nodes in f64");
  const found = await differences(imported, built).finally(() => shown.stop());
  if (!quiet) found.forEach(tell);
  return found;
}

function report(imported: ImportedOnnx, { weights }: WrittenSpec, { spec, weights: file }: Places) {
  const { unusedInputs, graph } = imported;
  const size = weights.reduce((sum, { parameter }) => sum + 4 * elements(parameter.shape), 0);
  if (unusedInputs.length > 0) {
    say(`note: nothing hangs on ${unusedInputs.map(visibleName).join(", ")}, which was left out`);
  }
  print(`✔ wrote ${shownPath(spec)}: the ${counted(graph.nodes.length, "node")} of the model`);
  print(`✔ wrote ${shownPath(file)}: ${counted(weights.length, "tensor")}, ${bytes(size)}`);
}

function tell(difference: Difference): void {
  const { output, relative } = difference;
  const expected = isFar(difference) ? `, expected at most ${largest.toExponential(0)}` : "";
  const mark = isFar(difference) ? "✖" : "✔";
  print(`${mark} ${output} differs by ${relative.toExponential(1)} of its length${expected}`);
}

const json = (
  { unusedInputs, graph }: ImportedOnnx,
  { network, weights }: WrittenSpec,
  places: Places,
  found: readonly Difference[] | undefined,
): object => ({
  ...places,
  model: network.name,
  nodes: graph.nodes.length,
  tensors: weights.length,
  unusedInputs,
  ...(found === undefined ? {} : { verified: !found.some(isFar), differences: found }),
});
