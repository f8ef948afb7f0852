/** The calls that prepare weights of maps that passes compose: native/prepare/compose.hpp. */
import type { Node } from "../graph/graph.js";
import type { Prepare } from "../kernels/kernel.js";
import { columns, type ColumnsAttrs } from "../ops/algebra/columns.js";
import { compose, type ComposeAttrs } from "../ops/algebra/compose.js";
import { composeBias, type ComposeBiasAttrs } from "../ops/algebra/compose-bias.js";
import { composeAverage, type ComposeAverageAttrs } from "../ops/algebra/compose-average.js";
import { poolPlane } from "../ops/pool-windows.js";
import { channels, type Shape } from "../ops/shape.js";
import { slide } from "../ops/window.js";
import { convFields, poolFields } from "./describe.js";
import type { HostLowering, PrepareNode } from "./prepare-node.js";
import type { Argument, Call, Field } from "./program.js";

export const composedPreparations = <L extends HostLowering>(): readonly (readonly [
  string,
  Prepare<L>,
])[] => [
  [compose.name, composeMaps],
  [composeAverage.name, throughAverage],
  [composeBias.name, composePlaces],
  [columns.name, takeColumns],
];

function composeMaps({ node, weights, outputs, table }: PrepareNode): Call {
  const { attrs } = node as Node<ComposeAttrs>;
  const described = {
    attrs: { ...attrs, split: [attrs.channels] },
    inputs: [{ shape: attrs.before }],
    outputs: [{ shape: attrs.between }],
  };
  const layer = table.layer(node.outputs[0]!.name, "Conv", given(convFields(described)));
  const [rows, bias, weight, shift] = ["rows", "bias", "weight", "shift"].map(
    (role) => weights[role] ?? nothing,
  );
  const args = [number(attrs.rows[0]!), rows!, bias!, weight!, shift!];
  const to = [outputs[0]!, outputs[1] ?? nothing];
  return call("compose", [{ kind: "layer", layer }, ...args, ...to]);
}

function throughAverage({ node, weights, outputs, table }: PrepareNode): Call {
  const { attrs } = node as Node<ComposeAverageAttrs>;
  const { before, features } = attrs;
  const after = { shape: [channels(before), ...poolPlane(before, attrs)] };
  const described = { attrs, inputs: [{ shape: before }], outputs: [after] };
  const layer = table.layer(node.outputs[0]!.name, "Pool", given(poolFields(described, true)));
  const args = [number(features), weights["rows"]!, outputs[0]!];
  return call("compose_average", [{ kind: "layer", layer }, ...args]);
}

function composePlaces({ node, weights, outputs, table }: PrepareNode): Call {
  const { attrs } = node as Node<ComposeBiasAttrs>;
  const { between, bias, shift } = attrs;
  const after = { shape: [attrs.channels, ...slide(between, { ...attrs, ceil: false })] };
  const described = {
    attrs: { ...attrs, split: [attrs.channels], bias: false },
    inputs: [{ shape: between }],
    outputs: [after],
  };
  const layer = table.layer(node.outputs[0]!.name, "Conv", given(convFields(described)));
  const placed = (shape: Shape | undefined): Argument => number(Number((shape?.length ?? 0) > 1));
  const later = [weights["rows"]!, weights["bias"] ?? nothing, placed(bias)];
  const args = [...later, weights["shift"]!, placed(shift), outputs[0]!];
  return call("compose_bias", [{ kind: "layer", layer }, ...args], "compose_bias");
}

function takeColumns({ node, weights, outputs }: PrepareNode): Call {
  const { shape, from, count } = (node as Node<ColumnsAttrs>).attrs;
  const numbers = [...shape, from, count].map(number);
  return call("columns", [...numbers, weights["rows"]!, outputs[0]!], "columns");
}

const nothing: Argument = { kind: "null" };

const number = (value: number): Argument => ({ kind: "number", value });

const given = (fields: readonly (Field | undefined)[]): readonly Field[] =>
  fields.filter((each) => each !== undefined);

const call = (name: string, args: readonly Argument[], file = "compose"): Call => ({
  kind: "call",
  header: `prepare/${file}.hpp`,
  function: name,
  templates: [],
  args,
});
