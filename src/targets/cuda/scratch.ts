/** Dense temporaries in the arena, where a library cannot read or write a value as it lies. */
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { Slices } from "../../kernels/layout.js";
import type { ConvAttrs } from "../../ops/conv2d.js";
import { channels, elements, plane, type Shape } from "../../ops/shape.js";

/** Numbers of a convolution's scratch for one image. */
export function convNumbers(node: Node<ConvAttrs>, slices: Slices): number {
  // Never both: only 1x1 convolutions without padding are merged.
  const padded = paddedInput(node);
  if (padded !== undefined) return elements(padded);
  return isTogether(node.outputs, slices) ? 0 : elements(whole(node.outputs));
}

/** Numbers of a linear's scratch for one image. */
export function linearNumbers({ inputs }: Node, slices: Slices): number {
  const input = inputs[0]!;
  return needsDense(input, slices) ? elements(input.shape) : 0;
}

/**
 * The input with its zeros around it, where they are not the same on both sides: libraries pad
 * evenly.
 */
export function paddedInput({ inputs, attrs }: Node<ConvAttrs>): Shape | undefined {
  const { top, left, bottom, right } = attrs.pads;
  if (top === bottom && left === right) return undefined;
  const { shape } = inputs[0]!;
  const [height, width] = plane(shape);
  return [channels(shape), height + top + bottom, width + left + right];
}

/** All outputs side by side, as a merged convolution computes them. */
export const whole = (outputs: readonly Value[]): Shape => [
  outputs.reduce((sum, { shape }) => sum + channels(shape), 0),
  ...outputs[0]!.shape.slice(1),
];

/** Whether one call can write the values: they follow one another in one buffer. */
export function isTogether(values: readonly Value[], slices: Slices): boolean {
  if (values.length === 1) return true;
  const first = slices.get(values[0]!);
  let next = first?.channel ?? 0;
  return values.every((value) => {
    const slice = slices.get(value);
    const follows = slice !== undefined && slice.value === first?.value && slice.channel === next;
    next += channels(value.shape);
    return follows;
  });
}

/** A matrix product reads an image as one row, which the pixels of a slice are not. */
export const needsDense = (input: Value, slices: Slices): boolean =>
  slices.has(input) && plane(input.shape).some((side) => side > 1);
