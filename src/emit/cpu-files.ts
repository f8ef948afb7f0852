import type { CpuProgram } from "../targets/program.js";
import { type ForwardFile, forwardFile } from "./forward.js";
import { layerTable, numbersTable } from "./layers.js";
import { Names } from "./names.js";
import { networkData } from "./network-data.js";
import { cpuCut, cutIntoParts, stretches } from "./parts.js";
import { prepareData } from "./prepare.js";
import type { Project } from "./project.js";
import type { EmittedFile } from "./emitted-file.js";

export const levelNames: Readonly<Record<string, string>> = {
  avx512: "kAvx512",
  avx2: "kAvx2",
  neon: "kNeon",
  baseline: "kBaseline",
};

/** The emitted C++ of a CPU program; each `forward_N.cpp` holds kernels. */
export function cpuFiles(project: Project, program: CpuProgram): readonly EmittedFile[] {
  const names = new Names(project.graph);
  const parts = stretches(program.run).flatMap(({ eachImage, items }) =>
    cutIntoParts(items, cpuCut).map((own): Part => {
      return { ...forwardFile(project, names, own), eachImage };
    }),
  );
  const layers = layerTable(program.layers, names);
  const numbers = numbersTable(program.numbers, names);
  return [
    {
      name: "layers.hpp",
      title: "the shapes of its layers",
      template: "shared/layers.hpp",
      data: { space: "incept", header: "cpu/shape.hpp", layers, numbers },
    },
    {
      name: "forward.hpp",
      title: "the parts of an inference",
      template: "cpu/forward.hpp",
      data: { parts },
    },
    ...parts.map((part, i) => ({
      name: `forward_${i + 1}.cpp`,
      title: `inference, part ${i + 1} of ${parts.length}: ${part.span}`,
      template: "cpu/forward.cpp",
      data: { number: i + 1, ...part },
    })),
    {
      name: "prepare.cpp",
      title: "from a checkpoint's parameters to prepared weights",
      template: "shared/prepare.cpp",
      data: prepareData(project, names),
    },
    {
      name: "network.cpp",
      title: "what it is called, takes and gives",
      template: "cpu/network.cpp",
      data: {
        ...networkData(project),
        arenaBytes: program.arenaBytes,
        level: levelNames[program.level]!,
        group: Math.min(program.group, project.maxBatch),
        work: Number(program.work.toPrecision(2)),
        calls: forwardCalls(parts),
      },
    },
  ];
}

interface Part extends ForwardFile {
  readonly eachImage: boolean;
}

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
