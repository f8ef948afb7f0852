/**
 * Reverse-mode differentiation of a graph: walks it from the loss back and has each primitive append
 * its own derivatives (Baydin et al. 2018, "Automatic Differentiation in Machine Learning: a Survey",
 * section 3.2). The numbers of one value's derivatives are added up in the order of the walk.
 */
import { bug } from "../diagnostics/bug.js";
import { type Node, operandsOf } from "../graph/graph.js";
import type { Value } from "../graph/value.js";
import { add } from "../ops/joins/add.js";
import { ones } from "../ops/training/ones.js";
import type { BuildValue, Extent, Gradients, Operandwise } from "../ops/primitive.js";
import type { GraphBuilder } from "./builder.js";

/**
 * Appends the derivatives of the loss, of extent batch, by each of the wanted values that it hangs
 * on; the others are not in the result.
 */
export function backward(
  b: GraphBuilder,
  loss: Value,
  wanted: ReadonlySet<Value>,
): ReadonlyMap<Value, Value> {
  const forward = [...b.made];
  const reached = reachedFrom(wanted, forward);
  b.at(forward.at(-1)!.origin);
  const adjoints = new Adjoints(b).add(loss, b.node(ones, [loss], {}));
  for (const node of forward.reverse()) {
    const dys = node.outputs.map((value) => adjoints.get(value));
    const wants = each(node, (value) => reached.has(value));
    if (dys.every((dy) => dy === undefined) || !anyOf(wants)) continue;
    if (node.primitive.gradient === undefined) bug(`${node.primitive.name} has no gradient`);
    b.at(node.origin);
    const gradients = node.primitive.gradient(b, node, dys, wants);
    for (const [value, dx] of pairs(node, gradients)) {
      if (reached.has(value)) adjoints.add(value, dx);
    }
  }
  return new Map([...wanted].flatMap((value) => adjoints.entry(value)));
}

/** What hangs on any of the values: only through these does a derivative matter. */
function reachedFrom(wanted: ReadonlySet<Value>, nodes: readonly Node[]): ReadonlySet<Value> {
  const reached = new Set(wanted);
  for (const node of nodes) {
    if (!operandsOf(node).some((value) => reached.has(value))) continue;
    for (const value of node.outputs) reached.add(value);
  }
  return reached;
}

class Adjoints {
  private readonly known = new Map<Value, Value>();

  constructor(private readonly b: GraphBuilder) {}

  get(value: Value): Value | undefined {
    return this.known.get(value);
  }

  entry(value: Value): readonly (readonly [Value, Value])[] {
    const adjoint = this.known.get(value);
    return adjoint === undefined ? [] : [[value, adjoint]];
  }

  add(value: Value, dx: Value): this {
    if (dx.extent !== adjointExtent[value.extent]) {
      bug(`the derivative by ${value.name} is one a ${dx.extent}`);
    }
    const before = this.known.get(value);
    const sum = before === undefined ? dx : this.b.node(add, [before, dx], { scales: [1, 1] });
    this.known.set(value, sum);
    return this;
  }
}

/** There is one derivative a run by what there is one of a model. */
const adjointExtent: Readonly<Record<Extent, Extent>> = {
  model: "batch",
  batch: "batch",
  image: "image",
};

const each = <T>({ inputs, weights }: Node, f: (value: Value) => T): Operandwise<T> => ({
  inputs: inputs.map(f),
  weights: Object.fromEntries(Object.entries(weights).map(([role, value]) => [role, f(value)])),
});

const anyOf = ({ inputs, weights }: Operandwise<boolean>): boolean =>
  [...inputs, ...Object.values(weights)].includes(true);

/** Each operand with its derivative, where there is one. */
function pairs(
  node: Node,
  { inputs = [], weights = {} }: Gradients,
): readonly (readonly [Value, Value])[] {
  const all: readonly (readonly [Value, BuildValue | undefined])[] = [
    ...node.inputs.map((value, i) => [value, inputs[i]] as const),
    ...Object.entries(node.weights).map(([role, value]) => [value, weights[role]] as const),
  ];
  return all.flatMap(([value, dx]) => (dx === undefined ? [] : [[value, dx as Value] as const]));
}
