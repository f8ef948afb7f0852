import { linear } from "../../ops/linear.js";
import { elements } from "../../ops/shape.js";
import { extent, field } from "../describe.js";
import { call, nothing, type Step } from "./node.js";
import { rule } from "./rule.js";
import { linearRow } from "./scratch.js";

/** The one algorithm of native/cpu/linear.hpp. */
const algorithm = "MatrixVector";

export const linearRule = rule(linear, (cx, { features }): readonly Step[] => {
  const { weight, bias } = cx.node.weights;
  const input = cx.node.inputs[0]!.shape;
  // A planar image is the vector that it is flattened to.
  const flat = cx.reference || cx.isPlanarImage(0);
  const shape = extent(flat ? [elements(input)] : input);
  const layer = cx.layer("Linear", shape, field("features", features));
  const own = { kind: "layer", layer } as const;
  const from = cx.inputs[0]!;
  const to = cx.outputs[0]!;
  const keptBias = (): typeof nothing => (bias === undefined ? nothing : cx.prepare.keep(bias));
  if (cx.reference) {
    return [cx.kernel("linear", "linear", layer, [from, cx.prepare.keep(weight!), keptBias(), to])];
  }
  const floats = features * linearRow(input, cx.isPlanarImage(0));
  cx.check(`${algorithm}::packed_weights`, layer, floats);
  cx.check(`${algorithm}::workspace`, layer, cx.planned.workspace?.bytes ?? 0);
  const packed = cx.prepare.store(weight, floats, (raw, place) =>
    call("cpu/linear.hpp", `${algorithm}::pack`, [], [own, raw, place]),
  );
  const args = [from, packed, keptBias(), cx.scratch, to];
  return [cx.kernel("linear", "linear", layer, args, [algorithm])];
});
