/** The emitted C++ of a training program, in a folder of its own beside the one that answers. */
import type { TrainingProgram, BatchSection } from "../targets/program.js";
import { comment } from "./cpp.js";
import type { EmittedFile } from "./emitted-file.js";
import { headers, sectionTitle, spanOf } from "./forward.js";
import { layerTable, numbersTable } from "./layers.js";
import { Names } from "./names.js";
import { cutIntoParts, isBarrier, trainingCut } from "./parts.js";
import { prepareData } from "./prepare.js";
import type { Project, Training } from "./project.js";
import { batchValueTable, placesOf } from "./batch-values.js";
import { programData } from "./training-program.js";

type Item = TrainingProgram["run"][number];

export function trainingFiles(project: Project, training: Training): readonly EmittedFile[] {
  const { program, graph, parameters } = training;
  const names = new Names(graph);
  const ids = parameters.map(({ name }) => names.parameters.of(name));
  const parts = cutIntoParts(program.run, trainingCut);
  const spans = parts.map((items) => ({ span: spanOf(sectionsOf(items)) }));
  let level = 0;
  const bodies = parts.map((items) => {
    const body = runData(project, names, items, level);
    level += items.filter(isBarrier).length;
    return body;
  });
  const layers = layerTable(program.layers, names);
  const numbers = numbersTable(program.numbers, names);
  return [
    {
      name: "training/layers.hpp",
      title: "the shapes of the layers that it trains with",
      template: "shared/layers.hpp",
      data: { space: "incept::training", header: "layers/training.hpp", layers, numbers },
    },
    {
      name: "training/values.hpp",
      title: "where the values of a batch are",
      template: "training/values.hpp",
      data: {
        parameters: ids,
        values: batchValueTable(placesOf(program), names),
        parts: spans,
      },
    },
    ...bodies.map((data, i) => ({
      name: `training/run_${i + 1}.cpp`,
      title: `training on a batch, part ${i + 1} of ${parts.length}: ${spans[i]!.span}`,
      template: "training/run.cpp",
      data: { number: i + 1, ...data },
    })),
    {
      name: "training/prepare.cpp",
      title: "from parameters to prepared weights, after each batch",
      template: "shared/prepare.cpp",
      data: prepareData({ network: project.network, program, graph }, names, {
        space: "training",
        headers: ["cpu/train/program.hpp", "training/layers.hpp", "training/values.hpp"],
        parameters: [],
      }),
    },
    {
      name: "training/program.cpp",
      title: "what its training takes and gives",
      template: "training/program.cpp",
      data: { ...programData(project, training, names), parts: spans, barriers: level },
    },
  ];
}

const sectionsOf = (items: readonly Item[]): readonly BatchSection[] =>
  items.filter((item): item is BatchSection => !isBarrier(item));

/** @param level of the first barrier among the items */
function runData(project: Project, names: Names, items: readonly Item[], level: number): object {
  const calls = sectionsOf(items)
    .flatMap(({ instructions }) => instructions)
    .filter((instruction) => instruction.kind === "call");
  const uses = (kind: string): boolean =>
    calls.some(({ args }) => args.some((arg) => arg.kind === kind));
  return {
    includes: [...headers(calls), "training/layers.hpp", "training/values.hpp"].sort(),
    locals: [
      ...(uses("weights") ? ["const float* const w = run.weights;"] : []),
      ...(uses("parameter") ? ["const float* const* const p = run.parameters;"] : []),
    ],
    body: items
      .map((item) =>
        isBarrier(item) ? `  run.barrier(t, ${level++});` : sectionText(project, names, item),
      )
      .join("\n"),
  };
}

function sectionText(project: Project, names: Names, section: BatchSection): string {
  const { instructions, eachImage } = section;
  const indent = eachImage ? "    " : "  ";
  const calls = instructions.map((instruction) =>
    instruction.kind === "barrier"
      ? `${indent}t.barrier();`
      : names.call(instruction, ["t"], indent),
  );
  const text = eachImage
    ? ["  each_image(t, run, [&](Member& t, const OneImage& i) {", ...calls, "  });"]
    : calls;
  return ["", comment(sectionTitle(project, section), "  "), ...text].join("\n");
}
