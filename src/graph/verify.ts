/** The rules that every graph keeps: checked after each pass. Linear in the size of the graph. */
import { formatShape, sameShape, type Shape } from "../ops/shape.js";
import {
  prepareInputs,
  type Graph,
  type Node,
  type PrepareStep,
  type Tensor,
  type Value,
} from "./graph.js";
import { prepareShapes } from "./prepare-shapes.js";

/** What is wrong with the graph, in sentences; none for a sound one. */
export const verifyGraph = (graph: Graph): readonly string[] => new Verifier().problems(graph);

/** Checks what a graph becomes, pass by pass: a node that stays the same is looked at once. */
export class Verifier {
  private readonly sound = new WeakSet<Node>();
  private readonly steps = new WeakSet<PrepareStep>();

  /** @param unused values that are not wrong to make though nothing needs them */
  constructor(private readonly unused: ReadonlySet<Value> = new Set()) {}

  /** In sentences; none for a sound graph. */
  problems(graph: Graph): readonly string[] {
    return [
      ...wiring(graph),
      ...graph.nodes.flatMap((node) => this.nodeProblems(node)),
      ...deadNodes(graph)
        .filter(({ outputs }) => !outputs.every((value) => this.unused.has(value)))
        .map((node) => `${title(node)} makes nothing that an output needs.`),
    ];
  }

  private nodeProblems(node: Node): readonly string[] {
    if (this.sound.has(node)) return [];
    const unfit = operands(node);
    // Shapes can be derived only from operands that fit.
    const problems = unfit.length > 0 ? unfit : [...shapes(node), ...weights(node, this.steps)];
    if (problems.length === 0) this.sound.add(node);
    return problems;
  }
}

/** Values that nodes make for no output. */
export const unusedValues = (graph: Graph): ReadonlySet<Value> =>
  new Set(deadNodes(graph).flatMap(({ outputs }) => outputs));

/** Every value is defined once, before its uses; no two share a name. */
function wiring(graph: Graph): readonly string[] {
  const problems: string[] = [];
  const defined = new Set<Value>([graph.input]);
  const names = new Set<string>([graph.input.name]);
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  for (const node of graph.nodes) {
    for (const { name } of node.inputs.filter((input) => !defined.has(input))) {
      const late = node.inputs.some((input) => input.name === name && made.has(input));
      problems.push(
        `${title(node)} reads ${name}, which ${late ? "comes later" : "nothing makes"}.`,
      );
    }
    for (const value of node.outputs) {
      if (defined.has(value)) problems.push(`${value.name} is made twice.`);
      else if (names.has(value.name)) problems.push(`Two values are called ${value.name}.`);
      defined.add(value);
      names.add(value.name);
    }
  }
  for (const { name, value } of graph.outputs) {
    if (!defined.has(value)) problems.push(`Output ${name} is ${value.name}, which nothing makes.`);
  }
  return [...problems, ...repeated(graph.outputs.map((output) => output.name))];
}

function repeated(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names
    .filter((name) => seen.size === seen.add(name).size)
    .map((name) => `Two outputs are called ${name}.`);
}

/** What `infer` takes for granted: operands that fit one another, attributes that fit them. */
function operands(node: Node): readonly string[] {
  const { primitive, attrs } = node;
  const inputs = node.inputs.map((input) => input.shape);
  if (inputs.length === 0) return [`${title(node)} reads nothing.`];
  if (primitive.operands !== "any" && inputs.length > 1) {
    return [`${title(node)} reads more than one value.`];
  }
  const misfit = primitive.misfit?.(inputs, attrs);
  return misfit === undefined ? [] : [`${title(node)} ${misfit}.`];
}

function shapes(node: Node): readonly string[] {
  const inputs = node.inputs.map((input) => input.shape);
  const expected = node.primitive.infer(inputs, node.attrs);
  if (expected.length !== node.outputs.length) {
    return [`${title(node)} makes ${node.outputs.length} values instead of ${expected.length}.`];
  }
  return node.outputs
    .map(({ name, shape }, i) => mismatch(name, shape, expected[i]!))
    .filter((problem) => problem !== undefined);
}

/** The roles and shapes that the primitive asks for, and prepare steps that yield what they say. */
function weights(node: Node, checked: WeakSet<PrepareStep>): readonly string[] {
  const inputs = node.inputs.map((input) => input.shape);
  const expected = node.primitive.weights(inputs, node.attrs);
  const problems: string[] = [];
  for (const role of new Set([...Object.keys(expected), ...Object.keys(node.weights)])) {
    const tensor = node.weights[role];
    const shape = expected[role];
    if (tensor === undefined) problems.push(`${title(node)} lacks its ${role}.`);
    else if (shape === undefined) problems.push(`${title(node)} has no use for a ${role}.`);
    else problems.push(...tensorProblems(tensor, shape, checked));
  }
  return problems;
}

function tensorProblems(
  tensor: Tensor,
  expected: Shape,
  checked: WeakSet<PrepareStep>,
): readonly string[] {
  const problem = mismatch(tensor.name, tensor.shape, expected);
  return problem === undefined ? prepareProblems(tensor, checked) : [problem];
}

/** Of a step that several results name, the inputs are looked at once. */
function prepareProblems(tensor: Tensor, checked: WeakSet<PrepareStep>): readonly string[] {
  if (tensor.kind === "parameter") return [];
  const { name, step, result } = tensor;
  const known = checked.has(step);
  checked.add(step);
  const inner = known
    ? []
    : prepareInputs(step).flatMap((input) => prepareProblems(input, checked));
  const shapes = prepareShapes(step);
  if (typeof shapes === "string") return [...inner, `${name}: ${shapes}.`];
  const made = shapes[result];
  if (made === undefined) return [...inner, `${step.kind} has no result ${result}.`];
  const problem = mismatch(name, tensor.shape, made);
  return problem === undefined ? inner : [...inner, problem];
}

/** Nodes that no output needs. */
function deadNodes(graph: Graph): readonly Node[] {
  const needed = new Set<Value>(graph.outputs.map((output) => output.value));
  const dead: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (node.outputs.some((value) => needed.has(value))) {
      node.inputs.forEach((input) => needed.add(input));
    } else dead.push(node);
  }
  return dead.reverse();
}

const mismatch = (name: string, shape: Shape, expected: Shape): string | undefined =>
  sameShape(shape, expected)
    ? undefined
    : `${name} is ${formatShape(shape)} but should be ${formatShape(expected)}.`;

const title = (node: Node): string =>
  `${node.primitive.name} ${node.outputs[0]?.name ?? node.origin.paths.join(", ")}`;
