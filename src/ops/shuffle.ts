import { perImage } from "./evaluate.js";
import { count } from "./kinds.js";
import type { OnnxNode } from "./onnx.js";
import { shuffled, type ShuffleAttrs } from "./onnx-reading/shuffle.js";
import type { Operator } from "./operator.js";
import type { Primitive } from "./primitive.js";
import { firstRange } from "./range.js";
import { groupsMisfit, groupsProblem } from "./rules.js";
import { channels, elements } from "./shape.js";
import { positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";

/**
 * Channels as a table with a row a group, read by columns: ShuffleNet's channel shuffle. Each group
 * of a convolution that follows sees all groups of the one before.
 *
 * Source: Zhang et al., "ShuffleNet" (2017), section 3.1.
 */
export const shuffle: Primitive<ShuffleAttrs> = {
  name: "shuffle",
  misfit: groupsMisfit,
  infer: ([input]) => [input!],
  weights: () => ({}),
  macs: () => 0,
  format: ({ groups }) => `${groups} groups`,
  tolerance: 0,
  inPlace: false,
  passesOn: ({ groups }) => groups === 1,
  range: firstRange,
  evaluate: perImage(({ inputs: [x] }, { groups }) => {
    const [count, row] = [channels(x!.shape), elements(x!.shape.slice(1))];
    const result = new Float64Array(x!.data.length);
    for (let c = 0; c < count; c++) {
      const from = (c % groups) * (count / groups) + Math.floor(c / groups);
      result.set(x!.data.subarray(from * row, (from + 1) * row), c * row);
    }
    return [result];
  }),
  // The table turned back: it has as many rows as there were columns.
  gradient: (b, { attrs: { groups }, inputs: [x] }, [dy]) => ({
    inputs: [b.node(shuffle, [dy!], { groups: channels(x!.shape) / groups })],
  }),
  onnx: { write: writeOnnx, read: {}, sequence: shuffled },
};

/** As PyTorch writes it: ONNX has no node of its own for it. */
function writeOnnx(node: OnnxNode, { groups }: ShuffleAttrs): void {
  const [{ name, shape } = { name: "", shape: [] }] = node.inputs;
  const [count, ...plane] = [channels(shape), ...shape.slice(1)];
  const table = node.integers("shape", [0, groups, count / groups, ...plane]);
  const turned = node.add("Transpose", [node.add("Reshape", [name, table])], {
    perm: [0, 2, 1, ...plane.map((_, i) => 3 + i)],
  });
  node.finish("Reshape", [turned, node.integers("shape", [0, count, ...plane])]);
}

const args = signature({
  groups: positional(count, "Groups of channels; of each comes one in turn."),
});

export const shuffleOperator: Operator<ArgsIn<typeof args>> = {
  name: "shuffle",
  doc: "Channels in another order: the first of each group, then the second of each (ShuffleNet).",
  signature: args,
  spelling: spelling(shuffle, ({ groups }) => ({ groups: saying.number(groups) })),
  linearity: () => "transparent",
  shape: (input, { groups }) => groupsProblem(groups, { input: channels(input) }) ?? input,
  traces: ({ traces }) => traces,
  parameters: () => [],
  build: (b, x, given) => b.node(shuffle, [x], given),
};
