import { linear } from "../../ops/linear.js";
import { elements } from "../../ops/shape.js";
import { extent, field } from "../describe.js";
import type { Call, Pointer } from "../program.js";
import { at, call, none } from "./node.js";
import { rule } from "./rule.js";
import { needsDense } from "./scratch.js";

export const linearRule = rule(linear, (cx, { features }): readonly Call[] => {
  const { weight, bias } = cx.node.weights;
  const [input] = cx.node.inputs;
  const layer = cx.layer("Linear", extent(input!.shape), field("features", features));
  const own = { kind: "layer", layer } as const;
  const size = cx.bytes(elements(weight!.shape));
  cx.target.table.check(`packed_weights<${cx.precision}>`, layer, size);
  const packed = cx.prepare.store(weight, size, (from, to) =>
    call("cuda/pack.hpp", "pack_linear", [cx.storage], [own, from, to]),
  );
  const offsets: Pointer =
    bias === undefined
      ? none
      : cx.prepare.store(bias, cx.bytes(features), (from, to) =>
          call("cuda/pack.hpp", "pack_bias", [cx.storage], [own, from, to]),
        );
  const dense = needsDense(input!, cx.target.plan.slices);
  const from = dense
    ? cx.scratch(`${cx.node.outputs[0]!.name}:dense`, input!.shape)
    : cx.inputs[0]!;
  const before = dense
    ? [call("cuda/copy.cuh", "copy", [cx.storage], [at(cx.inputs[0]!), at(from)])]
    : [];
  const args = [own, at(from), packed, offsets, at(cx.outputs[0]!)];
  return [...before, call("cuda/linear.hpp", "linear", [cx.precision], args)];
});
