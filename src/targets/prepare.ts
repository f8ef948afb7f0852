/** What runs when weights are loaded: the nodes of extent model, on the host for every target. */
import { bug } from "../diagnostics/bug.js";
import { type Node, operandsOf } from "../graph/graph.js";
import { type Constant, isConstant, isParameter, type Value } from "../graph/value.js";
import type { Packing, Prepare } from "../kernels/kernel.js";
import type { Selection } from "../kernels/selection.js";
import { type FoldAttrs, foldBatchNorm } from "../ops/fold-batchnorm.js";
import { add, type AddAttrs } from "../ops/joins/add.js";
import { concat } from "../ops/joins/concat.js";
import { elements } from "../ops/shape.js";
import { type TurnAttrs, turnWeights } from "../ops/turn-weights.js";
import { operatorText } from "../plan/place.js";
import type { Plan } from "../plan/plan.js";
import type { LayerTable } from "./layers.js";
import type { HostLowering, PrepareNode, Source } from "./prepare-node.js";
import { composedPreparations } from "./prepare-composed.js";
import type { Argument, Call, Pointer, PrepareSection, Rows } from "./program.js";

/** A section for each node of a run that has weights. */
export const prepareSections = <L extends HostLowering>(
  plan: Plan,
  selection: Selection<L>,
  table: LayerTable,
  unit: WeightUnit,
): readonly PrepareSection[] => {
  const chains = chainsOf(plan);
  return plan.preparations.map(({ reader, nodes }, i) => ({
    chain: chains[i]!,
    paths: reader.origin.paths,
    what: operatorText(reader, plan.placement),
    origin: reader.origin,
    instructions: nodes.map((node) => {
      const prepare = selection.preparations.get(node.outputs[0]!);
      if (prepare === undefined) bug(`nothing prepares ${node.outputs[0]!.name}`);
      return prepare(prepareNode(plan, node, reader, table, unit));
    }),
  }));
};

/** Of each preparation the first one that it is linked with by what one makes and another reads. */
export function chainsOf({ preparations }: Pick<Plan, "preparations">): readonly number[] {
  const chains: number[] = [];
  const makers = new Map<Value, number>();
  for (const [i, { nodes }] of preparations.entries()) {
    const linked = nodes.flatMap(operandsOf).flatMap((value) => {
      const maker = makers.get(value);
      return maker === undefined ? [] : [chains[maker]!];
    });
    const own = Math.min(i, ...linked);
    chains.push(own);
    for (const [j, chain] of chains.entries()) if (linked.includes(chain)) chains[j] = own;
    for (const value of nodes.flatMap(({ outputs }) => outputs)) makers.set(value, i);
  }
  return chains;
}

/** How many bytes the target counts prepared weights in. */
export type WeightUnit = 1 | 4;

const prepareNode = (
  plan: Plan,
  node: Node,
  reader: Node,
  table: LayerTable,
  unit: WeightUnit,
): PrepareNode => {
  const source = (value: Value): Source =>
    isConstant(value) ? constantSource(value, table) : preparedPlace(plan, value, unit);
  const roles = Object.entries(node.weights).map(([role, value]) => [role, source(value)]);
  return {
    node,
    reader,
    inputs: node.inputs.map(source),
    weights: Object.fromEntries(roles) as PrepareNode["weights"],
    outputs: node.outputs.map((value) => preparedPlace(plan, value, unit)),
    table,
    plan,
  };
};

/** What is zero everywhere is told by the null that takes its place. */
function constantSource({ name, numbers }: Constant, table: LayerTable): Source {
  if (typeof numbers !== "number")
    return { kind: "numbers", numbers: table.numbers(name, numbers) };
  if (numbers !== 0) bug(`${name} is ${numbers} everywhere, which nothing fills`);
  return { kind: "null" };
}

/** Where a value of extent model lies while weights are prepared, and at a run. */
export function preparedPlace(plan: Plan, value: Value, unit: WeightUnit): Pointer {
  if (isParameter(value)) return { kind: "parameter", name: value.name };
  const place = plan.prepared.get(value);
  if (place === undefined) bug(`${value.name} is not prepared`);
  if (place.kind === "weights") return { kind: "weights", offset: place.offset / unit };
  return { kind: "staging", offset: place.offset / 4 };
}

/** A tensor unchanged, for kernels that take weights as the checkpoint has them. */
export const keep = <L extends HostLowering>(of: Value): Packing<L> => ({
  of,
  layout: { kind: "packed", name: "as it is", bytes: 4 * elements(of.shape) },
  unchanged: true,
  lower: ({ inputs, outputs }) =>
    concatRows([{ from: memory(inputs[0]!), count: elements(of.shape) }], outputs[0]!),
});

/** By the primitives that passes prepare weights with. */
export const preparations = <L extends HostLowering>(): ReadonlyMap<string, Prepare<L>> =>
  new Map<string, Prepare<L>>([
    [concat.name, stack],
    [foldBatchNorm.name, fold],
    [turnWeights.name, turn],
    [add.name, sum],
    ...composedPreparations<L>(),
  ]);

const stack = ({ node, inputs, outputs }: PrepareNode): Call =>
  concatRows(
    inputs.map((from, i) => ({ from: memory(from), count: elements(node.inputs[i]!.shape) })),
    outputs[0]!,
  );

/** Weights of maps that read the same, or of one times a factor. */
const sum = ({ node, inputs, outputs }: PrepareNode): Call => {
  const { scales } = (node as Node<AddAttrs>).attrs;
  const count = elements(node.outputs[0]!.shape);
  const rows = inputs.map((from, i) => ({
    from: memory(from),
    count,
    ...(scales[i] === 1 ? {} : { factor: scales[i]! }),
  }));
  return onRows("sum_rows", rows, outputs[0]!);
};

function fold({ node, weights, outputs }: PrepareNode): Call {
  const { shape, eps } = (node as Node<FoldAttrs>).attrs;
  const rows = shape[0]!;
  const roles = ["weight", "bias", "gamma", "beta", "mean", "variance"];
  const from = roles.map((role) => weights[role] ?? ({ kind: "null" } as const));
  return {
    kind: "call",
    header: "prepare/fold_batchnorm.hpp",
    function: "fold_batchnorm",
    templates: [],
    args: [...[rows, elements(shape) / rows, eps].map(number), ...from, ...outputs],
  };
}

function turn({ node, weights, outputs }: PrepareNode): Call {
  const { shape, groups } = (node as Node<TurnAttrs>).attrs;
  const [out, inputs, ...kernel] = shape;
  const sizes = [groups, out! / groups, inputs!, elements(kernel)];
  return {
    kind: "call",
    header: "prepare/turn_weights.hpp",
    function: "turn_weights",
    templates: [],
    args: [...sizes.map(number), memory(weights["weight"]!), outputs[0]!],
  };
}

function memory(source: Source): Pointer {
  if (source.kind === "numbers") bug("numbers of the spec are no rows of a tensor");
  return source;
}

export const number = (value: number): Argument => ({ kind: "number", value });

const concatRows = (rows: readonly Rows[], to: Pointer): Call => onRows("concat_rows", rows, to);

const onRows = (name: string, rows: readonly Rows[], to: Pointer): Call => ({
  kind: "call",
  header: `prepare/${name}.hpp`,
  function: name,
  templates: [],
  args: [to, { kind: "rows", rows }],
});
