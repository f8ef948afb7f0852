import { scale } from "../../../ops/scale.js";
import { channels } from "../../../ops/shape.js";
import { extent, field } from "../../describe.js";
import type { Argument } from "../../program.js";
import { both } from "../kernel.js";

export const scaleKernels = both({
  name: "scale",
  primitive: scale,
  perNumber: 0.3,
  lower: (cx, attrs) => {
    const { shape } = cx.node.inputs[0]!;
    const [from, to] = [cx.inputs[0]!, cx.outputs[0]!];
    const [factor, ...factors] = attrs.scale;
    const [offset, ...offsets] = attrs.shift;
    if (factors.length + offsets.length === 0) {
      const numbers = [field("factor", { real: factor! }), field("offset", { real: offset! })];
      const layer = cx.layer("Scale", extent(shape), ...numbers);
      return [cx.own("elementwise", "scale", layer, [from, to])];
    }
    const layer = cx.layer("Scale", extent(shape));
    const each = (name: string, values: readonly number[]): Argument => {
      const all = Array.from({ length: channels(shape) }, (_, c) => values[c] ?? values[0]!);
      const numbers = cx.table.numbers(`${cx.node.outputs[0]!.name}.${name}`, all);
      return { kind: "numbers", numbers };
    };
    const args = [from, each("factors", attrs.scale), each("offsets", attrs.shift), to];
    return [cx.own("elementwise", "scale", layer, args)];
  },
});
