import type { Node } from "../../../graph/graph.js";
import { scale, type ScaleAttrs } from "../../../ops/scale.js";
import { channels } from "../../../ops/shape.js";
import { extent, field } from "../../describe.js";
import { kernel, ownNumbers } from "../kernel.js";
import { at } from "../node.js";

export const scaleKernel = kernel<ScaleAttrs>({
  name: "scale.plain",
  primitive: scale,
  weights: (node) => {
    if (isUniform(node.attrs)) return {};
    const each = (values: readonly number[]): readonly number[] =>
      Array.from({ length: channels(node.inputs[0]!.shape) }, (_, c) => values[c] ?? values[0]!);
    return {
      factors: ownNumbers(node, "factors", each(node.attrs.scale)),
      offsets: ownNumbers(node, "offsets", each(node.attrs.shift)),
    };
  },
  lower: (cx, node: Node<ScaleAttrs>) => {
    const { inputs, attrs } = node;
    const { shape } = inputs[0]!;
    const [from, to] = [at(cx.inputs[0]!), at(cx.outputs[0]!)];
    if (!isUniform(attrs)) {
      const layer = cx.layer("Scale", extent(shape));
      const weights = [cx.weight("factors"), cx.weight("offsets")];
      return [cx.kernel("elementwise", "scale", layer, from, ...weights, to)];
    }
    const numbers = [
      field("factor", { real: attrs.scale[0]! }),
      field("offset", { real: attrs.shift[0]! }),
    ];
    const layer = cx.layer("Scale", extent(shape), ...numbers);
    return [cx.kernel("elementwise", "scale", layer, from, to)];
  },
});

/** One factor and one offset for all channels, which the code itself can hold. */
const isUniform = ({ scale: factors, shift }: ScaleAttrs): boolean =>
  factors.length === 1 && shift.length === 1;
