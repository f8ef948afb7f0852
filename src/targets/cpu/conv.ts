import type { Node } from "../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../ops/conv.js";
import { plane } from "../../ops/shape.js";
import type { Layer } from "../program.js";
import { number } from "../prepare.js";
import { convFields, field, unless } from "../describe.js";
import { call, type CpuNode, nothing, type Step } from "./node.js";
import { rule } from "./rule.js";
import { packedBias, packedWeights } from "./scratch.js";
import { chooseTile } from "./tiles.js";

export const convRule = rule(conv2d, (cx, attrs): readonly Step[] =>
  cx.reference ? referenceConv(cx) : fastConv(cx, attrs),
);

function referenceConv(cx: CpuNode<ConvAttrs>): readonly Step[] {
  const { weight, bias } = weights(cx.node);
  const layer = describe(cx);
  const kept = [weight, bias].map((t) => (t === undefined ? nothing : cx.prepare.keep(t)));
  return [cx.kernel("conv", "conv", layer, [cx.inputs[0]!, ...kept, ...cx.outputs])];
}

function fastConv(cx: CpuNode<ConvAttrs>, attrs: ConvAttrs): readonly Step[] {
  const { weight, bias } = weights(cx.node);
  const input = cx.node.inputs[0]!.shape;
  const layer = describe(cx);
  const own = { kind: "layer", layer } as const;
  const tile = chooseTile(attrs, plane(cx.node.outputs[0]!.shape), cx.target.level);
  const floats = packedWeights(input, attrs);
  cx.check("packed_weights", layer, floats);
  cx.check("packed_bias", layer, packedBias(attrs));
  cx.check("scratch_bytes", layer, cx.planned.workspace?.bytes ?? 0);
  const packed = cx.prepare.store(weight, floats, (from, to) =>
    call("cpu/pack.hpp", "pack_conv", [], [own, number(tile.blocks), from, to]),
  );
  const packedB = cx.prepare.store(bias, packedBias(attrs), (from, to) =>
    call("cpu/pack.hpp", "pack_bias", [], [own, from, to]),
  );
  const args = [cx.inputs[0]!, packed, packedB, cx.scratch, ...cx.outputs];
  return [cx.kernel("conv", "conv", layer, args, [`Tile<${tile.blocks}, ${tile.pixels}>`])];
}

const weights = ({ weights: { weight, bias } }: Node) => ({ weight: weight!, bias });

const describe = (cx: CpuNode<ConvAttrs>): Layer =>
  cx.layer(
    "Conv",
    ...convFields(cx.node, unless(cx.reference || !cx.isPlanarImage(0), field("planar"))),
  );
