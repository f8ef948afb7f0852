import { parametersOf } from "../graph/graph.js";
import { stringLiteral } from "./cpp.js";
import { portTable } from "./ports.js";
import { levelsOf, type Project } from "./project.js";

/** What the template of network.cpp shows of any target: names, shapes and sizes. */
export function networkData(project: Project): object {
  const { program, graph, maxBatch, network } = project;
  const outputs = graph.outputs.map(({ name, value }) => ({ ...value, name }));
  const parameters = parametersOf(graph);
  return {
    model: stringLiteral(network.name),
    target: stringLiteral(`${program.target} ${program.level}`),
    levels: stringLiteral(levelsOf(project)),
    maxBatch,
    inputs: portTable("input", graph.inputs),
    outputs: portTable("output", outputs),
    parameters: parameters.length === 0 ? [] : portTable("parameter", parameters),
    counts: [graph.inputs.length, outputs.length, parameters.length],
    weightBytes: program.weightBytes,
  };
}
