/** native/cpu/linear.hpp: rows of weights in the order of the input as it lies. */
import type { Node } from "../../../graph/graph.js";
import type { Shape } from "../../../ops/shape.js";
import { linear, type LinearAttrs } from "../../../ops/linear.js";
import { elements, isImage } from "../../../ops/shape.js";
import { planar } from "../../../kernels/layout.js";
import { appliedField, extent, field } from "../../describe.js";
import type { LayerTable } from "../../layers.js";
import type { Layer } from "../../program.js";
import { blocked, kernel, keptOf } from "../kernel.js";
import { asBf16, call, nothing } from "../node.js";
import { linearRow, linearScratch } from "../scratch.js";
import { weightByte } from "./costs.js";

/** The one algorithm of linear.hpp. */
const algorithm = "MatrixVector";

export const linearMatrixVector = kernel<LinearAttrs, "" | "planar">({
  name: "linear.matrix-vector",
  primitive: linear,
  sharesWeights: true,
  carries: ({ kind }) => kind === "bias" || kind === "activation",
  ways: (node, { precision }) => {
    const { shape } = node.inputs[0]!;
    const tunings = isImage(shape) ? (["", "planar"] as const) : (["planar"] as const);
    return tunings.map((tuning) => {
      const row = rowOf(shape, tuning);
      const isBf16 = precision === "bf16";
      const bytes = (isBf16 ? 2 : 4) * node.attrs.features * row;
      const scratch = linearScratch(row, node.attrs.features);
      return {
        tuning,
        inputs: [tuning === "planar" ? planar : blocked],
        outputs: [planar],
        weights: {
          weight: {
            of: node.weights["weight"]!,
            layout: { kind: "packed", name: `${algorithm} ${tuning}`, bytes },
            lower: ({ reader, inputs, outputs, table }) => {
              const layer = describe(table, reader as Node<LinearAttrs>, tuning);
              const to = isBf16 ? asBf16(outputs[0]!) : outputs[0]!;
              const args = [{ kind: "layer", layer } as const, inputs[0]!, to];
              return call(
                "cpu/linear.hpp",
                `${algorithm}::pack${isBf16 ? "<Bf16>" : ""}`,
                [],
                args,
              );
            },
          },
          ...keptOf(node, ["bias"]),
        },
        // Each weight is read for one multiply: memory is what it waits for.
        cost: bytes * weightByte,
        workspace: () => scratch,
      };
    });
  },
  lower: (cx, node, tuning) => {
    const layer = describe(cx.table, node, tuning);
    const { features } = node.attrs;
    cx.check(
      `${algorithm}::packed_weights`,
      layer,
      features * rowOf(node.inputs[0]!.shape, tuning),
    );
    cx.check(`${algorithm}::workspace`, layer, cx.planned.workspace?.bytes ?? 0);
    const weight = cx.weight("weight");
    const weights = [cx.precision === "bf16" ? asBf16(weight) : weight, cx.weight("bias", nothing)];
    const args = [cx.inputs[0]!, ...weights, cx.scratch, cx.outputs[0]!];
    return [cx.kernel("linear", "linear", layer, args, [algorithm])];
  },
});

const rowOf = (input: Shape, tuning: "" | "planar"): number =>
  linearRow(input, tuning === "planar");

/** A planar image is the vector that it is flattened to. */
function describe(table: LayerTable, node: Node<LinearAttrs>, tuning: "" | "planar"): Layer {
  const { shape } = node.inputs[0]!;
  const own = extent(tuning === "planar" ? [elements(shape)] : shape);
  const applied = appliedField(node.attrs);
  return table.layer(node.outputs[0]!.name, "Linear", [
    own,
    field("features", node.attrs.features),
    ...(applied === undefined ? [] : [applied]),
  ]);
}
