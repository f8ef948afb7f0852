/**
 * A graph as named-wire text, one node a line, and first the prepare steps that its weights need:
 *
 *     GoogLeNet (image : 3 x 224x224) -> prob
 *     conv_1.0 : 64 x 112x112 = conv 7x7/2 pad 3 relu (image) weight conv_1.0.weight bias …
 */
import { formatShape } from "../ops/shape.js";
import { prepareInputs, type Graph, type Node, type PrepareStep, type Tensor } from "./graph.js";

export function printGraph(graph: Graph): string {
  const outputs = graph.outputs.map(({ name, value }) =>
    name === value.name ? name : `${name}: ${value.name}`,
  );
  const head = `${graph.name} (${declare(graph.input)}) -> ${outputs.join(", ")}`;
  const steps = prepareSteps(graph).map(({ step, results }) => printStep(step, results));
  return [head, ...steps, ...graph.nodes.map(printNode)].join("\n") + "\n";
}

export function printNode(node: Node): string {
  const results = node.outputs.map(declare).join(", ");
  const attrs = node.primitive.format(node.attrs);
  const operation = attrs === "" ? node.primitive.name : `${node.primitive.name} ${attrs}`;
  const inputs = node.inputs.map((input) => input.name).join(", ");
  const weights = Object.entries(node.weights).map(([role, tensor]) => ` ${role} ${tensor.name}`);
  return `${results} = ${operation} (${inputs})${weights.join("")}`;
}

const declare = ({ name, shape }: Pick<Tensor, "name" | "shape">): string =>
  `${name} : ${formatShape(shape)}`;

interface StepResults {
  readonly step: PrepareStep;
  readonly results: readonly Tensor[];
}

/** The prepare steps of a graph, each once and after those it reads, with the results in use. */
export function prepareSteps(graph: Graph): readonly StepResults[] {
  const found = new Map<PrepareStep, Map<string, Tensor>>();
  const visit = (tensor: Tensor): void => {
    if (tensor.kind === "parameter") return;
    const known = found.get(tensor.step);
    // What the step reads comes before it, once.
    if (known === undefined) prepareInputs(tensor.step).forEach(visit);
    found.set(tensor.step, (known ?? new Map<string, Tensor>()).set(tensor.result, tensor));
  };
  for (const node of graph.nodes) Object.values(node.weights).forEach(visit);
  return [...found].map(([step, results]) => ({ step, results: [...results.values()] }));
}

function printStep(step: PrepareStep, results: readonly Tensor[]): string {
  const inputs =
    step.kind === "concat-rows"
      ? step.inputs.map((input) => input?.name ?? "zeros")
      : Object.entries(step.inputs).map(
          ([role, input]: [string, Tensor]) => `${role} ${input.name}`,
        );
  const attrs = step.kind === "fold-batchnorm" ? ` eps ${step.eps}` : "";
  return `prepare ${results.map(declare).join(", ")} = ${step.kind}${attrs} (${inputs.join(", ")})`;
}
