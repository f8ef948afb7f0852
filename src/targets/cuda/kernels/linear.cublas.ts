import type { Node } from "../../../graph/graph.js";
import { linear, type LinearAttrs } from "../../../ops/linear.js";
import { elements } from "../../../ops/shape.js";
import { extent, field } from "../../describe.js";
import type { LayerTable } from "../../layers.js";
import type { GpuPrecision, Layer } from "../../program.js";
import { type GpuKernel, kernel, packed } from "../kernel.js";
import { sizeOf } from "../layouts.js";
import { at, call, none, storageOf } from "../node.js";
import { linearNumbers, needsDense } from "../scratch.js";

/** The library's matrix product, by way of a dense copy where a slice of an image is not one row. */
export const linearCublas = (precision: GpuPrecision): GpuKernel => {
  const [storage, bytes] = [storageOf(precision), sizeOf(precision)];
  return kernel<LinearAttrs>({
    name: "linear.cublas",
    primitive: linear,
    weights: ({ weights: { weight, bias }, attrs }) => ({
      weight: packed(
        weight!,
        "pack_linear",
        storage,
        bytes * elements(weight!.shape),
        describeReader,
      ),
      ...(bias === undefined
        ? {}
        : { bias: packed(bias, "pack_bias", storage, bytes * attrs.features, describeReader) }),
    }),
    workspace: (node, slices) => bytes * linearNumbers(node, slices),
    lower: (cx, node) => {
      const [input] = node.inputs;
      const layer = describe(cx.table, node);
      const size = bytes * node.attrs.features * elements(input!.shape);
      cx.table.check(`packed_weights<${precision}>`, layer, size);
      const dense = needsDense(input!, cx.plan.slices);
      const name = `${node.outputs[0]!.name}:dense`;
      const from = dense ? cx.scratch(name, input!.shape) : cx.inputs[0]!;
      const before = dense
        ? [call("cuda/copy.cuh", "copy", [cx.storage], [at(cx.inputs[0]!), at(from)])]
        : [];
      const own = { kind: "layer", layer } as const;
      const weights = [cx.weight("weight"), cx.weight("bias", none)];
      const args = [own, at(from), ...weights, at(cx.outputs[0]!)];
      return [...before, call("cuda/linear.hpp", "linear", [precision], args)];
    },
  });
};

const describe = (table: LayerTable, { inputs, outputs, attrs }: Node<LinearAttrs>): Layer =>
  table.layer(outputs[0]!.name, "Linear", [
    extent(inputs[0]!.shape),
    field("features", attrs.features),
  ]);

const describeReader = ({
  table,
  reader,
}: {
  readonly table: LayerTable;
  readonly reader: Node;
}): Layer => describe(table, reader as Node<LinearAttrs>);
