/**
 * Zeros around an image are the padding of the convolution or pool behind them.
 *
 *     p = zeropad 3 (x)
 *     y = conv 7x7/2 (p)                    ->   y = conv 7x7/2 pad 3 (x)
 *
 * An average takes them only where padding counts, or where it has none of its own and then counts;
 * a largest value only where nothing is below zero, since padding never wins there and zeros might.
 *
 * It does not touch a pool with a window that would lie in its padding altogether, nor one that would
 * have other windows then.
 */
import { isNode, type Node } from "../../graph/graph.js";
import { conv2d } from "../../ops/conv2d.js";
import type { PoolAttrs } from "../../ops/pool-attrs.js";
import { avgPool, maxPool } from "../../ops/pool2d.js";
import { sameShape } from "../../ops/shape.js";
import type { Pads } from "../../ops/window.js";
import { zeroPad } from "../../ops/zeropad.js";
import { instead, rule } from "./rule.js";

export const absorbPadding = rule("absorb-padding", (node, site) => {
  const padding = site.producer(node.inputs[0]!);
  if (padding === undefined || !isNode(padding, zeroPad)) return undefined;
  const [[x], { pads }] = [padding.inputs, padding.attrs];
  const padded = (attrs: { readonly pads: Pads }) => ({ ...attrs, pads: sum(attrs.pads, pads) });
  if (isNode(node, conv2d))
    return { nodes: [{ ...node, inputs: [x!], attrs: padded(node.attrs) }] };
  if (isNode(node, zeroPad)) return { nodes: [instead(node, zeroPad, [x!], padded(node.attrs))] };
  const counts = isNode(node, avgPool) ? counted(node.attrs) : undefined;
  const attrs = counts ?? (isNode(node, maxPool) && site.range(x!).low >= 0 && node.attrs);
  if (!attrs) return undefined;
  const pooled = { ...attrs, pads: sum(attrs.pads, pads) };
  return fits(pooled, node) ? { nodes: [{ ...node, inputs: [x!], attrs: pooled }] } : undefined;

  /** Its windows keep their places. */
  function fits(pool: PoolAttrs, { primitive, outputs: [y] }: Node): boolean {
    const { kernel, pads: all, dilation } = pool;
    const meets =
      Math.max(all.top, all.bottom) < kernel[0] && Math.max(all.left, all.right) < kernel[1];
    const [shape] = primitive.infer([x!.shape], pool);
    return dilation === undefined && meets && sameShape(shape!, y!.shape);
  }
});

/** An average to which zeros around the image count, if it can be one. */
function counted(attrs: PoolAttrs): PoolAttrs | undefined {
  const own = Object.values(attrs.pads).some((pad: number) => pad > 0);
  return attrs.countPad || !own ? { ...attrs, countPad: true } : undefined;
}

const sum = (a: Pads, b: Pads): Pads => ({
  top: a.top + b.top,
  left: a.left + b.left,
  bottom: a.bottom + b.bottom,
  right: a.right + b.right,
});
