import { count } from "./kinds.js";
import type { Operator } from "./operator.js";
import { formatShape, sameShape } from "./shape.js";
import { positional, signature, trailing, type ArgsIn } from "./signature.js";

const args = signature({
  channels: positional(count, "Channels, or the length of a vector."),
  height: trailing(count, "Height in pixels."),
  width: trailing(count, "Width in pixels."),
});

/** It leaves nothing in the graph. */
export const expectOperator: Operator<ArgsIn<typeof args>> = {
  name: "expect",
  doc: "Passes its input through; a compile error unless the shape is this: `expect(c, h, w)` or `expect(c)`.",
  signature: args,
  linearity: () => "transparent",
  shape: (input, { channels, height, width }) => {
    const expected = [channels, height, width].filter((side) => side !== undefined);
    if (sameShape(input, expected)) return input;
    return {
      code: "shape/expect",
      params: { expected: formatShape(expected), got: formatShape(input) },
      help: `write expect(${input.join(", ")})`,
    };
  },
  parameters: () => [],
  build: (_, x) => x,
};
