import { Command } from "commander";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { auxPaths } from "../../emit/manifest.js";
import { isOfAux } from "../../runtime/artefact.js";
import { buildGraph } from "../../graph/build.js";
import { parametersOf } from "../../graph/graph.js";
import type { Parameter } from "../../graph/value.js";
import { elements } from "../../ops/shape.js";
import { likelyCauses } from "../../runtime/weights/causes.js";
import { matchWeights } from "../../runtime/weights/match.js";
import { requireOrder } from "../../runtime/weights/order.js";
import { trainedTensors } from "../../runtime/weights/trained.js";
import {
  float32Tensor,
  type StoredTensor,
  writeSafetensors,
} from "../../checkpoints/safetensors/write.js";
import { openCheckpoint } from "../../checkpoints/open.js";
import { type OddValues, oddValues } from "../../runtime/weights/values.js";
import type { Network } from "../../model/network.js";
import { orderNote } from "../picture-order.js";
import { Refusal } from "../exit.js";
import { loadNetwork, type ModelFlags } from "../network.js";
import { withModelFlags } from "../options.js";
import { type NamingFlags, namingOf, withNamingFlags } from "../naming.js";
import { print, printJson, table } from "../terminal.js";
import { type Comparison, comparisonText, fits } from "../weights-report.js";

interface Flags extends ModelFlags, NamingFlags {
  readonly aux?: boolean;
  readonly output?: string;
}

export const weights = (): Command =>
  withNamingFlags(withModelFlags(new Command("weights")))
    .description("list the parameters of a spec, hold a checkpoint against them, or convert it")
    .argument("<spec>", "a .incept file")
    .argument("[file]", "a checkpoint: .safetensors, .pth, .caffemodel, .h5, .onnx")
    .option("-o, --output <file>", "write what fits as safetensors, by the names of the spec")
    .option("--aux", "with the auxiliary heads")
    .action(async (spec: string, file: string | undefined, flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const graph = buildGraph(network, { aux: flags.aux === true });
      const expected = parametersOf(graph);
      if (file === undefined) {
        requireNoNaming(flags);
        return list(expected, flags);
      }
      const left = { aux: flags.aux === true ? [] : auxPaths(network) };
      const compared = await compare(network, expected, file, flags, (name) => isOfAux(left, name));
      if (flags.json === true) printJson(json(compared));
      else print(comparisonText(compared));
      if (!fits(compared)) throw new Refusal();
      if (flags.output === undefined) return;
      await writeSafetensors(flags.output, compared.values);
      if (flags.json !== true) {
        print(`✔ wrote ${shownPath(flags.output)}: ${counted(compared.values.size, "tensor")}`);
      }
    });

/** @throws InceptError `args/missing` for what is said of a checkpoint where there is none */
function requireNoNaming({ rename, key, byOrder, output }: Flags): void {
  const [flag] = Object.entries({ rename, key, "by-order": byOrder, output }).flatMap(
    ([name, value]) => (value === undefined ? [] : [name]),
  );
  if (flag === undefined) return;
  throw new InceptError("args/missing", `--${flag} is for a checkpoint, and there is none.`, {
    help: "name the file behind the spec: inceptc weights SPEC FILE",
  });
}

const isLearned = ({ kind }: Parameter): boolean => kind === "parameter";

function list(expected: readonly Parameter[], flags: Flags): void {
  if (flags.json === true) {
    return printJson(expected.map(({ name, shape, role }) => ({ name, shape, role })));
  }
  const total = expected.filter(isLearned).reduce((sum, { shape }) => sum + elements(shape), 0);
  print(table(expected.map(({ name, shape }) => [name, shape.join(" x ")])));
  print(`${counted(expected.length, "tensor")}, ${counted(total, "parameter")}`);
}

async function compare(
  network: Network,
  expected: readonly Parameter[],
  path: string,
  flags: Flags,
  ignored: (name: string) => boolean,
): Promise<Comparison & { readonly values: ReadonlyMap<string, StoredTensor> }> {
  const naming = namingOf(flags);
  const file = await openCheckpoint(path, { key: naming.key });
  try {
    const tensors = new Map(trainedTensors(file, true).map((tensor) => [tensor.name, tensor]));
    if (naming.byOrder === true) requireOrder(file);
    const match = matchWeights(expected, [...tensors.values()], { ...naming, ignored });
    const odd: OddValues[] = [];
    const written = new Map<string, StoredTensor>();
    for (const { name, role, shape } of expected) {
      const tensor = match.found.get(name);
      if (tensor === undefined) continue;
      const array = await file.readFloat32(tensors.get(tensor)?.stored ?? tensor);
      if (flags.output !== undefined) written.set(name, float32Tensor(shape, array));
      const values = oddValues(tensor, role, array);
      if (values !== undefined) odd.push(values);
    }
    const { settings } = network;
    const note = match.found.size === 0 ? undefined : orderNote(file.framework, network.inputs);
    return {
      ...{ file: file.name, match, odd, expected: expected.length, tensors, values: written },
      causes: likelyCauses(match, { parameters: expected, settings }),
      notes: note === undefined ? [] : [note],
    };
  } finally {
    await file.close();
  }
}

const json = (compared: Comparison): object => ({
  fits: fits(compared),
  ...compared.match,
  found: Object.fromEntries(compared.match.found),
  values: compared.odd,
  causes: compared.causes,
  notes: compared.notes,
});
