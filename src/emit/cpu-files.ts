import type { Graph } from "../graph/graph.js";
import type { CpuProgram } from "../targets/program.js";
import type { EmittedFile } from "./emitted-file.js";
import { type ForwardFile, forwardFile } from "./forward.js";
import { layerTable, numbersTable } from "./layers.js";
import { Names } from "./names.js";
import { networkData } from "./network-data.js";
import { cpuCut, cutIntoParts, stretches } from "./parts.js";
import { parameterNames, prepareData } from "./prepare.js";
import { chains } from "./chains.js";
import type { Project } from "./project.js";

export const levelNames: Readonly<Record<string, string>> = {
  amx: "kAmx",
  avx512: "kAvx512",
  avx2: "kAvx2",
  neon: "kNeon",
  baseline: "kBaseline",
};

/** The network for one instruction set: its files stand in a namespace of its name. */
interface Variant {
  readonly graph: Graph;
  readonly program: CpuProgram;
  /** Where its files are: `avx2/`, or among the others where there is one set. */
  readonly folder: string;
  readonly names: Names;
  readonly parts: readonly Part[];
}

interface Part extends ForwardFile {
  readonly eachImage: boolean;
}

/** The emitted C++ of a CPU build, of each instruction set a program; `forward_N.cpp` hold kernels. */
export function cpuFiles(project: Project, program: CpuProgram): readonly EmittedFile[] {
  const { graph, lesser = [] } = project;
  const all = [{ graph, program }, ...lesser].map((each): Variant => {
    const names = new Names(each.graph);
    const folder = lesser.length === 0 ? "" : `${each.program.level}/`;
    return { ...each, folder, names, parts: partsOf({ ...project, ...each }, each.program, names) };
  });
  return [
    ...all.flatMap((variant) => variantFiles(project, variant)),
    {
      name: "network.cpp",
      title: "what it is called, takes and gives",
      template: "cpu/network.cpp",
      data: {
        ...networkData(project),
        arenaBytes: program.arenaBytes,
        programs: all.map((variant) => programData(project, variant)),
      },
    },
  ];
}

const partsOf = (project: Project, program: CpuProgram, names: Names): readonly Part[] =>
  stretches(program.run).flatMap(({ eachImage, items }) =>
    cutIntoParts(items, cpuCut).map((own): Part => {
      return { ...forwardFile(project, names, own), eachImage };
    }),
  );

function variantFiles(project: Project, variant: Variant): readonly EmittedFile[] {
  const { graph, program, folder, names, parts } = variant;
  const space = `network::${program.level}`;
  return [
    {
      name: `${folder}layers.hpp`,
      title: "the shapes of its layers",
      template: "shared/layers.hpp",
      data: {
        space: `incept::${space}`,
        header: "cpu/shape.hpp",
        layers: layerTable(program.layers, names),
        numbers: numbersTable(program.numbers, names),
      },
    },
    {
      name: `${folder}forward.hpp`,
      title: "the parts of an inference",
      template: "cpu/forward.hpp",
      data: { space, parts },
    },
    ...parts.map((part, i) => ({
      name: `${folder}forward_${i + 1}.cpp`,
      title: `inference, part ${i + 1} of ${parts.length}: ${part.span}`,
      template: "cpu/forward.cpp",
      data: { space, number: i + 1, ...part },
    })),
    {
      name: `${folder}prepare.cpp`,
      title: "from a checkpoint's parameters to prepared weights",
      template: "shared/prepare.cpp",
      data: prepareData({ ...project, graph, program }, names, {
        space,
        headers: ["forward.hpp", "layers.hpp"],
        parameters: parameterNames(project.graph, names),
        side: "apart",
      }),
    },
  ];
}

/** A row of the table that an artefact chooses from when it is loaded. */
const programData = ({ maxBatch }: Project, { program, folder, parts }: Variant): object => ({
  folder,
  space: program.level,
  level: levelNames[program.level]!,
  arenaBytes: program.arenaBytes,
  weightBytes: program.weightBytes,
  stagingFloats: program.stagingFloats,
  group: Math.min(program.group, maxBatch),
  work: Number(program.work.toPrecision(2)),
  preparations: chains(program.prepare).length,
  calls: forwardCalls(parts),
});

/** What each image does in a loop over them, the rest once, and between the two all threads meet. */
const forwardCalls = (parts: readonly Part[]): readonly string[] =>
  parts.flatMap(({ span, eachImage }, i) => {
    const run = eachImage ? "image" : "run";
    const call = `forward_${i + 1}(t, ${run});  // ${span}`;
    const [before, after] = [parts[i - 1]?.eachImage, parts[i + 1]?.eachImage];
    return [
      ...(before === undefined || before === eachImage ? [] : ["  meet(t);"]),
      ...(eachImage && before !== true ? [loop] : []),
      eachImage ? `    ${call}` : `  ${call}`,
      ...(eachImage && after !== true ? ["  });"] : []),
    ];
  });

const loop = "  each_image(t, run, [](cpu::Member& t, const Run& image) {";
