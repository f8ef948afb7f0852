/** The 1x1 that the paper puts before a large kernel: how wide it would be, and what it saves. */
import { convOperator, type ConvArgs } from "../../ops/conv.js";
import { channels, plane, type Shape } from "../../ops/shape.js";
import { multiplyAdds } from "./multiply-adds.js";

export interface Reduction {
  /** Channels of the 1x1. */
  readonly width: number;
  /** Multiply-adds of the convolution as it is, and of the two that would take its place. */
  readonly now: number;
  readonly then: number;
}

/** Widths between the paper's are taken in steps of so many channels. */
const grain = 8;

/**
 * Half as many channels as the convolution gives, the usual ratio of GoogLeNet's table; where that
 * saves less than half of the multiply-adds, the most that do. Undefined where only a narrower one
 * would than any of the table, a quarter of what the convolution gives.
 */
export function reductionOf(given: ConvArgs, input: Shape): Reduction | undefined {
  // What a norm and an activation cost, they cost either way.
  const args: ConvArgs = { ...given, norm: undefined, act: "none" };
  const before = (width: number): ConvArgs => ({
    ...args,
    kernel: { kernel: [1, 1] },
    channels: width,
    pad: undefined,
    dilation: [1, 1],
  });
  const now = multiplyAdds(convOperator, args, input);
  const cost = (width: number): number =>
    multiplyAdds(convOperator, before(width), input) +
    multiplyAdds(convOperator, args, [width, ...plane(input)]);
  const half = Math.floor(given.channels / 2);
  const most = Math.floor(now / 2 / cost(1));
  const width = half <= most ? half : most < grain ? most : most - (most % grain);
  if (width < 1 || width < given.channels / 4) return undefined;
  return { width, now, then: cost(width) };
}

/** Whether a convolution is one that gives each pixel fewer channels and does nothing else. */
export const reduces = ({ kernel, groups }: ConvArgs, input: Shape, output: Shape): boolean =>
  kernel.kernel.every((side) => side === 1) && groups === 1 && channels(output) < channels(input);
