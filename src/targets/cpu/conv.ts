import type { Node } from "../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../ops/conv.js";
import { plane } from "../../ops/shape.js";
import type { Call, Layer, Pointer } from "../program.js";
import { convFields, field, unless } from "../describe.js";
import { call, type CpuNode, nothing, type Step } from "./node.js";
import { rule } from "./rule.js";
import { type ConvAlgorithm, convAlgorithm, packedBias, packedWeights } from "./scratch.js";
import { chooseTile, type Tile, tileCount } from "./tiles.js";

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
  const output = plane(cx.node.outputs[0]!.shape);
  const tile = chooseTile(attrs, output, cx.target.level);
  const algorithm = convAlgorithm(input, attrs);
  const name = algorithmText(algorithm, tile);
  const header = `conv/${algorithm}`;
  const floats = packedWeights(input, attrs);
  cx.check(`${name}::fits`, layer, true);
  cx.check(`${name}::packed_weights`, layer, floats);
  cx.check(`${name}::packed_bias`, layer, packedBias(attrs));
  cx.check(`${name}::workspace`, layer, cx.planned.workspace?.bytes ?? 0);
  if (algorithm === "direct") cx.check(`${name}::tiles`, layer, tileCount(attrs, output, tile));
  const pack = (step: string): ((from: Pointer, to: Pointer) => Call) => {
    return (from, to) => call(`cpu/${header}.hpp`, `${name}::${step}`, [], [own, from, to]);
  };
  const packed = cx.prepare.store(weight, floats, pack("pack"));
  const packedB = cx.prepare.store(bias, packedBias(attrs), pack("pack_bias"));
  const args = [cx.inputs[0]!, packed, packedB, cx.scratch, ...cx.outputs];
  return [cx.kernel(header, "conv", layer, args, [name])];
}

/** The algorithm's struct in its header below native/cpu/conv. */
function algorithmText(algorithm: ConvAlgorithm, { blocks, pixels }: Tile): string {
  switch (algorithm) {
    case "direct":
      return `Direct<${blocks}, ${pixels}>`;
    case "depthwise":
      return `Depthwise<${pixels}>`;
    case "grouped":
      return "Grouped";
  }
}

const weights = ({ weights: { weight, bias } }: Node) => ({ weight: weight!, bias });

const describe = (cx: CpuNode<ConvAttrs>): Layer =>
  cx.layer(
    "Conv",
    ...convFields(cx.node, unless(cx.reference || !cx.isPlanarImage(0), field("planar"))),
  );
