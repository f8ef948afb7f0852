import { slice } from "./joins/concat.js";
import { count, natural } from "./kinds.js";
import type { Operator, ShapeProblem } from "./operator.js";
import { channels, type Shape } from "./shape.js";
import { positional, signature, type ArgsIn } from "./signature.js";
import { saying, spelling } from "./spelling.js";
import { computedFrom } from "./trace.js";

const args = signature({
  from: positional(natural, "The first channel; they are counted from 0."),
  to: positional(count, "The channel behind the last: `slice(0, in / 2)` is the first half."),
});

export const sliceOperator: Operator<ArgsIn<typeof args>> = {
  name: "slice",
  doc: "Channels `from` to `to - 1`, as in PyTorch's `x[:, from:to]`.",
  signature: args,
  spelling: spelling(slice, ({ from, count: taken }) => ({
    from: saying.number(from),
    to: saying.number(from + taken),
  })),
  linearity: () => "transparent",
  shape: (input, { from, to }) => problem(input, from, to) ?? [to - from, ...input.slice(1)],
  traces: ({ traces: [, ...rest] }, _, causes) => [
    computedFrom(causes.of("from"), causes.of("to")),
    ...rest,
  ],
  parameters: () => [],
  build: (b, x, { from, to }) => b.node(slice, [x], { from, count: to - from }),
};

function problem(input: Shape, from: number, to: number): ShapeProblem | undefined {
  const count = channels(input);
  if (from < to && to <= count) return undefined;
  return { code: "shape/slice", params: { from, to, channels: count }, argument: "to" };
}
