import { count } from "./kinds.js";
import type { Operator } from "./operator.js";
import { elements, formatShape, isImage, sameShape, type Shape } from "./shape.js";
import { agreeing } from "./trace.js";
import { positional, signature, trailing, type ArgsIn } from "./signature.js";

const args = signature({
  channels: positional(count, "Channels, or the length of a vector."),
  height: trailing(count, "Height in pixels."),
  width: trailing(count, "Width in pixels."),
});

/** Whether only the form differs: `1024 x 1x1` where a vector of 1024 is expected. */
const flat = (input: Shape, expected: Shape): boolean =>
  isImage(input) && expected.length === 1 && elements(input) === expected[0];

/** It leaves nothing in the graph. */
export const expectOperator: Operator<ArgsIn<typeof args>> = {
  name: "expect",
  doc: "Passes its input through; a compile error unless the shape is this: `expect(c, h, w)` or `expect(c)`.",
  signature: args,
  spelling: "none",
  linearity: () => "transparent",
  shape: (input, { channels, height, width }) => {
    const expected = [channels, height, width].filter((side) => side !== undefined);
    if (sameShape(input, expected)) return input;
    return {
      code: "shape/expect",
      params: { expected: formatShape(expected), got: formatShape(input) },
      wanted: expected,
      help: `write ${flat(input, expected) ? `flatten -> expect(${expected[0]}), or ` : ""}expect(${input.join(", ")})`,
    };
  },
  // What passes is as large as is written here, whatever it depends on.
  traces: ({ traces }, _, causes) => {
    const sides = ["channels", "height", "width"] as const;
    return traces.map((trace, i) => agreeing(trace, causes.of(sides[i]!)));
  },
  parameters: () => [],
  build: (_, x) => x,
};
