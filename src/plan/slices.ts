import { isNode, type Graph } from "../graph/graph.js";
import { resultValue, type Value } from "../graph/value.js";
import { conv2d } from "../ops/conv2d.js";
import { channels } from "../ops/shape.js";
import type { Slice, Slices } from "../kernels/layout.js";
import type { LayoutRule, Placement, View } from "./plan.js";
import { siblingsName } from "./siblings-name.js";
import { startsOf } from "./starts.js";

/**
 * Where the values lie that share a buffer: the operands that concats hold in place and the slices
 * that are read there, a concat in a concat in the outermost; and, for targets that want them
 * `together`, what a merged convolution makes.
 */
export function slicesOf(
  graph: Graph,
  placement: Placement,
  rule: Pick<LayoutRule, "siblings" | "sliceStarts">,
): Slices {
  const slices = viewSlices(placement);
  if (rule.siblings === "together") new Siblings(graph, rule, slices).gather();
  return slices;
}

function viewSlices({ views }: Placement): Map<Value, Slice> {
  const slices = new Map<Value, Slice>();
  // Backwards, since outer concats come after inner ones; of a slice, what it is of comes before.
  const resolve = (value: Value, { of, channel }: View): Slice => {
    const known = slices.get(value);
    if (known !== undefined) return known;
    const outer = views.get(of);
    const { value: buffer, channel: start } =
      outer === undefined ? { value: of, channel: 0 } : resolve(of, outer);
    const own = { value: buffer, channel: start + channel };
    slices.set(value, own);
    return own;
  };
  for (const [value, view] of [...views].reverse()) resolve(value, view);
  return slices;
}

/**
 * Puts the outputs of each merged convolution side by side, so that it writes them in one call.
 * Those that a concat holds must come last and be its first operands: then the others go before
 * the concat's channels, in one buffer that both share. Where that cannot be, they stay apart.
 *
 *     reduce3, reduce5, b1 = conv 1x1 96+16+64        [reduce3 | reduce5 | b1 | b3 | b5 | pool]
 *     y = concat (b1, b3, b5, pool)                                      \------- y -------/
 */
class Siblings {
  constructor(
    private readonly graph: Graph,
    private readonly rule: Pick<LayoutRule, "sliceStarts">,
    private readonly slices: Map<Value, Slice>,
  ) {}

  gather(): void {
    for (const node of this.graph.nodes) {
      if (isNode(node, conv2d) && node.outputs.length > 1) this.place(node.outputs);
    }
  }

  private place(outputs: readonly Value[]): void {
    const first = outputs.findIndex((value) => this.slices.has(value));
    if (first < 0) return this.own(outputs);
    const held = outputs.slice(first);
    const { value: buffer } = this.slices.get(held[0]!)!;
    if (first === 0 || !areFirst(held, this.slices, buffer)) return;
    this.extend(buffer, outputs.slice(0, first));
  }

  /** A buffer for the outputs alone. */
  private own(outputs: readonly Value[]): void {
    const whole = joined(siblingsName(outputs, this.graph), outputs);
    const starts = startsOf(outputs);
    if (!this.allowed(whole, starts)) return;
    outputs.forEach((value, i) => this.slices.set(value, { value: whole, channel: starts[i]! }));
  }

  /** `before` and then all that the buffer holds, in a larger one. */
  private extend(buffer: Value, before: readonly Value[]): void {
    const whole = joined(`${buffer.name} and siblings`, [...before, buffer]);
    const starts = startsOf([...before, buffer]);
    const shift = starts.at(-1)!;
    const inside = [...this.slices].filter(([, slice]) => slice.value === buffer);
    const moved = inside.map(([, { channel }]) => channel + shift);
    // Each of those inside starts at one of these and at a start of its own: that is one too.
    if (!this.allowed(whole, starts)) return;
    inside.forEach(([value], i) => this.slices.set(value, { value: whole, channel: moved[i]! }));
    [...before, buffer].forEach((value, i) =>
      this.slices.set(value, { value: whole, channel: starts[i]! }),
    );
  }

  private allowed(whole: Value, starts: readonly number[]): boolean {
    return starts.every((channel) => this.rule.sliceStarts(channel, whole.shape));
  }
}

/** Whether the values are the first in the buffer, one after another. */
function areFirst(values: readonly Value[], slices: Slices, buffer: Value): boolean {
  const starts = startsOf(values);
  return values.every((value, i) => {
    const slice = slices.get(value);
    return slice?.value === buffer && slice.channel === starts[i];
  });
}

/** The buffer that holds the values side by side. */
const joined = (name: string, values: readonly Value[]): Value =>
  resultValue(name, {
    ...values[0]!,
    shape: [
      values.reduce((sum, { shape }) => sum + channels(shape), 0),
      ...values[0]!.shape.slice(1),
    ],
  });
