/**
 * A pool in the form that a spec gives it.
 *
 *     y = maxpool 3x3/2 pad 0,0,1,1 (x : 64 x 112x112)      ->   y = maxpool 3x3/2 ceil (x)
 *     y = avgpool 7x7 padding not counted (x : 64 x 7x7)    ->   y = adaptiveavgpool 1x1 (x)
 *     y = maxpool 7x7/7 (x : 64 x 7x7)                      ->   y = maxpool 7x7 (x)
 *     y = maxpool 3x3/2 pad 1,1,0,0 (x : 64 x 112x112)      ->   y = maxpool 3x3/2 pad 1 (x)
 *     y = maxpool 2x2/2 ceil (x : 64 x 112x112)             ->   y = maxpool 2x2/2 (x)
 *
 * More padding behind the image than before it is what rounding up gives, where both give the same
 * windows; an average where padding counts has another divisor then. Less of it is as much, where no
 * window reaches it. One window of the whole image is the global pool. Without padding it does not
 * matter whether it counts, and where windows fit it does not matter whether their number is rounded up.
 *
 * It does not touch windows that reach over the image with padding on all sides.
 */
import { isNode } from "../../graph/graph.js";
import { adaptiveAvgPool } from "../../ops/adaptive-pool.js";
import { type PoolAttrs, wholeImage } from "../../ops/pool-attrs.js";
import { poolPlane } from "../../ops/pool-windows.js";
import { avgPool, maxPool } from "../../ops/pool2d.js";
import { plane, type Shape } from "../../ops/shape.js";
import type { Pair } from "../../ops/window.js";
import { instead, rule } from "./rule.js";

export const poolForms = rule("pool-forms", (node) => {
  const [x] = node.inputs;
  if (isNode(node, avgPool)) {
    if (isWhole(x!.shape, node.attrs)) {
      return { nodes: [instead(node, adaptiveAvgPool, [x!], { size: [1, 1] })] };
    }
    return changed(node.attrs, written(x!.shape, counting(node.attrs)));
  }
  if (!isNode(node, maxPool)) return undefined;
  const { attrs } = node;
  if (isWhole(x!.shape, attrs)) return changed(attrs, wholeImage(x!.shape));
  return changed(attrs, written(x!.shape, { ...attrs, countPad: true }, false));

  function changed(from: PoolAttrs, to: PoolAttrs) {
    if (JSON.stringify(from) === JSON.stringify(to)) return undefined;
    return { nodes: [{ ...node, attrs: to }] };
  }
});

/** The one window is the image. */
const isWhole = (input: Shape, attrs: PoolAttrs): boolean =>
  attrs.dilation === undefined &&
  isSame(attrs.kernel, plane(input)) &&
  Object.values(attrs.pads).every((pad: number) => pad === 0);

/** Padding counts where there is none. */
const counting = (attrs: PoolAttrs): PoolAttrs =>
  Object.values(attrs.pads).every((pad: number) => pad === 0)
    ? { ...attrs, countPad: true }
    : attrs;

function written(input: Shape, attrs: PoolAttrs, divides: boolean = attrs.countPad): PoolAttrs {
  const form = evened(input, attrs, divides);
  const down = { ...form, ceil: false };
  return isSame(poolPlane(input, down), poolPlane(input, form)) ? down : form;
}

/** With as much padding behind the image as before it, where that gives the same windows. */
function evened(input: Shape, attrs: PoolAttrs, divides: boolean): PoolAttrs {
  const { top, left, bottom, right } = attrs.pads;
  if (bottom === top && right === left) return attrs;
  const even = { ...attrs, pads: { top, left, bottom: top, right: left } };
  const isMore = bottom >= top && right >= left;
  const isLess = bottom <= top && right <= left && !attrs.ceil;
  const form = isMore && !divides ? { ...even, ceil: true } : isLess ? even : attrs;
  return isSame(poolPlane(input, form), poolPlane(input, attrs)) ? counting(form) : attrs;
}

const isSame = (a: Pair, b: Pair): boolean => a[0] === b[0] && a[1] === b[1];
