import { Command } from "commander";
import { counted } from "../../diagnostics/counted.js";
import { buildGraph } from "../../graph/build.js";
import { type Parameter, parametersOf } from "../../graph/graph.js";
import { elements } from "../../ops/shape.js";
import { auxPaths } from "../../emit/manifest.js";
import { matchWeights, type WeightMatch } from "../../runtime/weights/match.js";
import { SafetensorsFile } from "../../runtime/weights/safetensors.js";
import { Refusal } from "../exit.js";
import { loadNetwork, type ModelFlags } from "../network.js";
import { withModelFlags } from "../options.js";
import { grouped, print, printJson, table } from "../terminal.js";
import { readRename } from "../rename.js";

interface Flags extends ModelFlags {
  readonly aux?: boolean;
  readonly rename?: string;
}

export const weights = (): Command =>
  withModelFlags(new Command("weights"))
    .description("list the parameters of a spec, or hold a checkpoint against them")
    .argument("<spec>", "a .incept file")
    .argument("[file]", "a .safetensors checkpoint")
    .option("--aux", "with the auxiliary heads")
    .option("--rename <map.json>", "names in the checkpoint -> names in the network")
    .action(async (spec: string, file: string | undefined, flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const graph = buildGraph(network, { aux: flags.aux === true });
      const expected = parametersOf(graph);
      if (file === undefined) return list(expected, flags);
      const left = flags.aux === true ? [] : auxPaths(network);
      await compare(expected, file, flags, (name) =>
        left.some((aux) => name.startsWith(`${aux}.`)),
      );
    });

const isLearned = ({ role }: Parameter): boolean =>
  role !== "running_mean" && role !== "running_var";

function list(expected: readonly Parameter[], flags: Flags): void {
  if (flags.json === true) {
    return printJson(expected.map(({ name, shape, role }) => ({ name, shape, role })));
  }
  const total = expected.filter(isLearned).reduce((sum, { shape }) => sum + elements(shape), 0);
  print(table(expected.map(({ name, shape }) => [name, shape.join(" x ")])));
  print(`${counted(expected.length, "tensor")}, ${counted(total, "parameter")}`);
}

async function compare(
  expected: readonly Parameter[],
  path: string,
  flags: Flags,
  ignored: (name: string) => boolean,
): Promise<void> {
  const file = await SafetensorsFile.open(path);
  await file.close();
  const rename = flags.rename === undefined ? {} : { rename: readRename(flags.rename) };
  const match = matchWeights(expected, [...file.tensors.values()], { ...rename, ignored });
  const fits = match.missing.length + match.wrongShape.length + match.extra.length === 0;
  if (flags.json === true) {
    printJson({ fits, ...match, found: Object.fromEntries(match.found) });
  } else {
    print([...findings(match), verdict(match, expected.length, fits)].join("\n"));
  }
  if (!fits) throw new Refusal();
}

function findings({ missing, wrongShape, extra, unused }: WeightMatch): readonly string[] {
  const rows = [
    ...missing.map(({ name, shape, nearest }) => [
      "missing",
      name,
      `[${shape.join(", ")}]${nearest === undefined ? "" : `  nearest: ${nearest}`}`,
    ]),
    ...wrongShape.map(({ expected, given }) => [
      "shape",
      expected.name,
      `[${given.shape.join(", ")}], expected [${expected.shape.join(", ")}]`,
    ]),
    ...extra.map((name) => ["extra", name, ""]),
    ...unused.map((name) => ["unused", name, ""]),
  ];
  return rows.length === 0 ? [] : [table(rows, [], "  ")];
}

function verdict(match: WeightMatch, expected: number, fits: boolean): string {
  const tensors = counted(expected, "tensor");
  if (!fits) return `✖ ${grouped(match.found.size)} of ${tensors} fit`;
  return expected === 1
    ? "✔ the one tensor is there and fits"
    : `✔ all ${tensors} are there and fit`;
}
