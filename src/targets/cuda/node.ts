import { bug } from "../../diagnostics/bug.js";
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { channels, type Shape } from "../../ops/shape.js";
import type { PlacedValue, Plan, PlannedNode } from "../../plan/plan.js";
import type { LayerTable } from "../layers.js";
import { preparedPlace } from "../prepare.js";
import type { Argument, Call, Field, GpuPrecision, Layer, Pointer, Stripe } from "../program.js";

/** No bias, no factor. */
export const none: Pointer = { kind: "none" };

/** One node while it is lowered: where its values lie, and makers of calls. */
export class GpuNode {
  readonly inputs: readonly Stripe[];
  readonly outputs: readonly Stripe[];

  /** @param storage how numbers are stored: convolutions and matrix products alone know tf32 */
  constructor(
    readonly plan: Plan,
    readonly table: LayerTable,
    readonly planned: PlannedNode,
    readonly node: Node,
    readonly storage: GpuPrecision,
  ) {
    this.inputs = node.inputs.map((value) => stripeOf(plan, value));
    this.outputs = node.outputs.map((value) => stripeOf(plan, value));
  }

  /** A prepared operand, by the kernel's name for it; `absent` where the kernel can do without. */
  weight(role: string, absent?: Pointer): Pointer {
    const value = this.node.weights[role];
    if (value !== undefined) return preparedPlace(this.plan, value, 1);
    if (absent === undefined) bug(`${this.node.outputs[0]!.name} has no ${role}`);
    return absent;
  }

  layer(type: string, ...fields: readonly (Field | undefined)[]): Layer {
    const given = fields.filter((field) => field !== undefined);
    return this.table.layer(this.node.outputs[0]!.name, type, given);
  }

  /** A dense value that is all of the node's scratch. */
  scratch(path: string, shape: Shape): Stripe {
    const { workspace } = this.planned;
    if (workspace === undefined) bug(`${path} has no scratch`);
    return { path, buffer: workspace.offset, shape, pitch: channels(shape), channel: 0 };
  }

  /** A kernel whose shape is known when it is compiled. */
  kernel(file: string, name: string, layer: Layer, ...args: readonly Argument[]): Call {
    return call(`cuda/${file}.cuh`, name, [layer, this.storage], args);
  }
}

export const storageOf = (precision: GpuPrecision): GpuPrecision =>
  precision === "tf32" ? "f32" : precision;

export const call = (
  header: string,
  name: string,
  templates: readonly (Layer | string)[],
  args: readonly Argument[],
): Call => ({ kind: "call", header, function: name, templates, args });

export const at = (value: Stripe): Argument => ({ kind: "value", value });

/** Channels `first` to `first + count` of a stripe. */
export const part = (stripe: Stripe, path: string, first: number, count: number): Stripe => ({
  ...stripe,
  path,
  shape: [count, ...stripe.shape.slice(1)],
  channel: stripe.channel + first,
});

export function stripeOf(plan: Plan, value: Value): Stripe {
  const { place, layout, sliceOf }: PlacedValue = plan.values.get(value)!;
  if (place.kind !== "arena" || place.extent !== "image" || layout.kind !== "channels-last") {
    bug(`${value.name} has no place in the arena`);
  }
  return {
    path: value.name,
    buffer: place.buffer,
    shape: value.shape,
    pitch: channels((sliceOf?.value ?? value).shape),
    channel: sliceOf?.channel ?? 0,
  };
}
