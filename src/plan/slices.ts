import { isNode, type Graph, type Value } from "../graph/graph.js";
import { concat } from "../ops/join.js";
import { channels } from "../ops/shape.js";

/** A run of channels inside the buffer of `value`, which itself is a slice of nothing. */
export interface Slice {
  readonly value: Value;
  readonly channel: number;
}

/** Where the operands that concats hold in place lie; a concat in a concat lies in the outermost. */
export function slicesOf(graph: Graph): ReadonlyMap<Value, Slice> {
  const slices = new Map<Value, Slice>();
  // Outer concats come after inner ones.
  for (const node of [...graph.nodes].reverse()) {
    if (!isNode(node, concat)) continue;
    const result = node.outputs[0]!;
    const buffer = slices.get(result) ?? { value: result, channel: 0 };
    let { channel } = buffer;
    for (const [i, input] of node.inputs.entries()) {
      if (node.attrs.inPlace[i]) slices.set(input, { value: buffer.value, channel });
      channel += channels(input.shape);
    }
  }
  return slices;
}
