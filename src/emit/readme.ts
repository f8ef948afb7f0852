import { counted } from "../diagnostics/counted.js";
import { parametersOf } from "../graph/graph.js";
import { version } from "./package.js";
import { levelsOf, type Project } from "./project.js";

/** What the README of a standalone project says of its network. */
export function readmeData(project: Project): object {
  const { network, program, graph, maxBatch, training } = project;
  const outputs = graph.outputs.map(({ name, value }) => ({ name, shape: value.shape }));
  return {
    model: network.name,
    version,
    train: training !== undefined,
    target: `${program.target} ${levelsOf(project)}`,
    needs: needs[program.target],
    maxBatch,
    parameters: counted(parametersOf(graph).length, "tensor"),
    ports: [
      ...graph.inputs.map(({ name, shape }) => ({ kind: "input", name, shape })),
      ...outputs.map((output) => ({ kind: "output", ...output })),
    ],
  };
}

const needs: Readonly<Record<Project["program"]["target"], string>> = {
  cpu: "CMake 3.15 and a C++17 compiler",
  cuda: "CMake 3.18, a C++20 compiler and CUDA's of 12.4 or later",
  "cuda-sim": "CMake 3.18 and g++ 12 on Linux",
};
