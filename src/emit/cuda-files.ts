import { stripesOf } from "../targets/stripes.js";
import type { CudaProgram, TaskSection } from "../targets/program.js";
import { comment, stringLiteral } from "./cpp.js";
import { headers, sectionTitle, spanOf } from "./forward.js";
import { layerTable, numbersTable } from "./layers.js";
import { Names } from "./names.js";
import { networkData } from "./network-data.js";
import { cutIntoParts, gpuCut } from "./parts.js";
import { parameterNames, prepareData } from "./prepare.js";
import type { Project } from "./project.js";
import type { EmittedFile } from "./emitted-file.js";
import { valueTable } from "./values.js";

/** The emitted CUDA C++: a task after the other, each with those that it follows. */
export function cudaFiles(project: Project, program: CudaProgram): readonly EmittedFile[] {
  const names = new Names(project.graph);
  const parts = cutIntoParts(program.run, gpuCut);
  const layers = layerTable(program.layers, names);
  const tasks = program.run.map((task) => names.tasks.of(task.name));
  const numbers = numbersTable(program.numbers, names);
  return [
    {
      name: "layers.hpp",
      title: "the shapes of its layers",
      template: "shared/layers.hpp",
      data: { space: "incept", header: "layers/layers.hpp", layers, numbers },
    },
    {
      name: "values.hpp",
      title: "where its values live",
      template: "cuda/values.hpp",
      data: {
        values: valueTable(
          program.run.flatMap(({ instructions }) => instructions).flatMap(stripesOf),
          names,
        ),
      },
    },
    {
      name: "tasks.hpp",
      title: "the tasks of an inference",
      template: "cuda/tasks.hpp",
      data: { tasks, parts },
    },
    ...parts.map((items, i) => ({
      name: `forward_${i + 1}.cu`,
      title: `inference, part ${i + 1} of ${parts.length}: ${spanOf(items)}`,
      template: "cuda/forward.cu",
      data: { number: i + 1, ...forwardData(project, names, items) },
    })),
    {
      name: "prepare.cpp",
      title: "from a checkpoint's parameters to prepared weights",
      template: "shared/prepare.cpp",
      data: prepareData(project, names, {
        space: "network",
        headers: ["cuda/network.hpp", "layers.hpp"],
        parameters: parameterNames(project.graph, names),
      }),
    },
    {
      name: "network.cpp",
      title: "what it is called, takes and gives",
      template: "cuda/network.cpp",
      data: {
        ...networkData(project),
        precision: program.precision,
        arenaBytes: program.arenaBytes * project.maxBatch,
        tasks: program.run.map(
          ({ paths, what }) => `    {${stringLiteral(paths.join(" + "))}, ${stringLiteral(what)}},`,
        ),
        parts: parts.map((items) => ({ span: spanOf(items) })),
      },
    },
  ];
}

function forwardData(project: Project, names: Names, items: readonly TaskSection[]): object {
  const calls = items.flatMap(({ instructions }) => instructions);
  const weights = calls.some(({ args }) => args.some(({ kind }) => kind === "weights"));
  return {
    includes: headers(calls),
    weights,
    body: items.map((item) => taskText(project, names, item)).join("\n"),
  };
}

function taskText(project: Project, names: Names, item: TaskSection): string {
  return [
    "",
    comment(sectionTitle(project, item), "  "),
    names.task(item.name, item.after),
    ...item.instructions.map((call) => names.call(call, ["g"])),
  ].join("\n");
}
