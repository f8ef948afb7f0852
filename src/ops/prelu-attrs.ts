import { channels, type Shape } from "./shape.js";

/** `shared`: one slope for all channels. */
export interface PReluAttrs {
  readonly shared: boolean;
}

/** Of the slopes, for an operand of this shape. */
export const slopeShape = (input: Shape, { shared }: PReluAttrs): Shape => [
  shared ? 1 : channels(input),
];

export const formatPRelu = ({ shared }: PReluAttrs): string => (shared ? "shared" : "");
