/** The rules that every graph keeps: checked after each pass. Linear in the size of the graph. */
import type { Extent } from "../ops/primitive.js";
import { formatShape, sameShape, type Shape } from "../ops/shape.js";
import { type Graph, type Node, operandsOf, prepares } from "./graph.js";
import { resultTypes } from "./results.js";
import { isConstant, isParameter, type Value } from "./value.js";

/** What is wrong with the graph, in sentences; none for a sound one. */
export const verifyGraph = (graph: Graph): readonly string[] => new Verifier().problems(graph);

/** Checks what a graph becomes, pass by pass: a node that stays the same is looked at once. */
export class Verifier {
  private readonly sound = new WeakSet<Node>();

  /** @param unused values that are not wrong to make though nothing needs them */
  constructor(private readonly unused: ReadonlySet<Value> = new Set()) {}

  /** In sentences; none for a sound graph. */
  problems(graph: Graph): readonly string[] {
    return [
      ...wiring(graph),
      ...order(graph),
      ...updates(graph),
      ...graph.nodes.flatMap((node) => this.nodeProblems(node)),
      ...deadNodes(graph)
        .filter(({ outputs }) => !outputs.every((value) => this.unused.has(value)))
        .map((node) => `${title(node)} makes nothing that an output needs.`),
    ];
  }

  private nodeProblems(node: Node): readonly string[] {
    if (this.sound.has(node)) return [];
    const unfit = operands(node);
    // Results can be derived only from operands that fit.
    const problems = unfit.length > 0 ? unfit : [...results(node), ...weights(node)];
    if (problems.length === 0) this.sound.add(node);
    return problems;
  }
}

/** Values that nodes make for no output. */
export const unusedValues = (graph: Graph): ReadonlySet<Value> =>
  new Set(deadNodes(graph).flatMap(({ outputs }) => outputs));

/** Every result is made once, before its uses, inputs are the graph's, and names are unique. */
function wiring(graph: Graph): readonly string[] {
  const problems: string[] = [];
  // A checkpoint's names are its own: a step may have the path of another one's parameter.
  const [names, checkpoint] = [new Names(), new Names()];
  const defined = new Set<Value>();
  const define = (value: Value): void => {
    problems.push(...(isParameter(value) ? checkpoint : names).clash(value));
    defined.add(value);
  };
  graph.inputs.forEach(define);
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  for (const node of graph.nodes) {
    for (const value of operandsOf(node)) {
      if (isParameter(value)) define(value);
      else if (!isConstant(value) && !defined.has(value)) {
        const why = made.has(value) ? "comes later" : "nothing makes";
        problems.push(`${title(node)} reads ${value.name}, which ${why}.`);
      }
    }
    for (const value of node.outputs) {
      if (defined.has(value)) problems.push(`${value.name} is made twice.`);
      else define(value);
    }
  }
  for (const { name, value } of graph.outputs) {
    if (!defined.has(value)) problems.push(`Output ${name} is ${value.name}, which nothing makes.`);
  }
  return [...problems, ...repeated(graph.outputs.map((output) => output.name))];
}

/** One value a name; each clash is told once. */
class Names {
  private readonly values = new Map<string, Value>();

  clash(value: Value): readonly string[] {
    const known = this.values.get(value.name);
    if (known === undefined) this.values.set(value.name, value);
    return known === undefined || known === value ? [] : [`Two values are called ${value.name}.`];
  }
}

function repeated(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names
    .filter((name) => seen.size === seen.add(name).size)
    .map((name) => `Two outputs are called ${name}.`);
}

/** What is made of the weights alone comes before what a run computes. */
function order({ nodes }: Graph): readonly string[] {
  const firstOfRun = nodes.findIndex((node) => !prepares(node));
  if (firstOfRun < 0) return [];
  return nodes
    .slice(firstOfRun)
    .filter(prepares)
    .map((node) => `${title(node)} prepares weights but comes after ${title(nodes[firstOfRun]!)}.`);
}

/** A state has one new value, of its own type. */
function updates({ updates, nodes }: Graph): readonly string[] {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  const twice = updates
    .filter(({ state }, i) => updates.findIndex((other) => other.state === state) < i)
    .map(({ state }) => `${state.name} is updated twice.`);
  return [
    ...twice,
    ...updates.flatMap(({ state, value }) => {
      if (!made.has(value)) return [`${state.name} becomes ${value.name}, which nothing makes.`];
      if (value.extent === "image")
        return [`${state.name} becomes ${value.name}, which is ${many.image}.`];
      return mismatch(value, state.shape) ?? [];
    }),
  ];
}

/** What `infer` takes for granted: operands that fit one another, attributes that fit them. */
function operands(node: Node): readonly string[] {
  const { primitive, attrs } = node;
  const inputs = node.inputs.map((input) => input.shape);
  if (primitive.operands === "none") {
    return inputs.length === 0 ? [] : [`${title(node)} reads values that have no role.`];
  }
  if (inputs.length === 0) return [`${title(node)} reads nothing.`];
  if (primitive.operands !== "any" && inputs.length > 1) {
    return [`${title(node)} reads more than one value.`];
  }
  const misfit = primitive.misfit?.(inputs, attrs);
  return misfit === undefined ? [] : [`${title(node)} ${misfit}.`];
}

function results(node: Node): readonly string[] {
  const { primitive, inputs, weights, outputs, attrs } = node;
  const expected = resultTypes(primitive, inputs, Object.values(weights), attrs);
  if (expected.length !== outputs.length) {
    return [`${title(node)} makes ${outputs.length} values instead of ${expected.length}.`];
  }
  return outputs.flatMap((value, i) => {
    const { shape, dtype, extent } = expected[i]!;
    return [
      ...(mismatch(value, shape) ?? []),
      ...(value.dtype === dtype ? [] : [`${value.name} is ${value.dtype} but should be ${dtype}.`]),
      ...(value.extent === extent
        ? []
        : [`${value.name} is ${many[value.extent]} but should be ${many[extent]}.`]),
    ];
  });
}

const many: Readonly<Record<Extent, string>> = {
  model: "one a model",
  batch: "one a run",
  image: "one an image",
};

/** The roles and shapes that the primitive asks for. */
function weights(node: Node): readonly string[] {
  const inputs = node.inputs.map((input) => input.shape);
  const expected = node.primitive.weights(inputs, node.attrs);
  const problems: string[] = [];
  for (const role of new Set([...Object.keys(expected), ...Object.keys(node.weights)])) {
    const value = node.weights[role];
    const shape = expected[role];
    if (value === undefined) problems.push(`${title(node)} lacks its ${role}.`);
    else if (shape === undefined) problems.push(`${title(node)} has no use for a ${role}.`);
    else problems.push(...(mismatch(value, shape) ?? []));
  }
  return problems;
}

/** Nodes that no output needs. */
function deadNodes(graph: Graph): readonly Node[] {
  const needed = neededValues(graph);
  const dead: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (node.outputs.some((value) => needed.has(value))) {
      operandsOf(node).forEach((value) => needed.add(value));
    } else dead.push(node);
  }
  return dead.reverse();
}

/** What a run returns or leaves behind. */
const neededValues = ({ outputs, updates }: Graph): Set<Value> =>
  new Set([...outputs, ...updates].map(({ value }) => value));

const mismatch = ({ name, shape }: Value, expected: Shape): readonly string[] | undefined =>
  sameShape(shape, expected)
    ? undefined
    : [`${name} is ${formatShape(shape)} but should be ${formatShape(expected)}.`];

const title = (node: Node): string =>
  `${node.primitive.name} ${node.outputs[0]?.name ?? node.origin.paths.join(", ")}`;
