import { bug } from "../../diagnostics/bug.js";
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { channels, type Shape } from "../../ops/shape.js";
import type { PlacedValue, Plan, PlannedNode } from "../../plan/plan.js";
import type { LayerTable } from "../layers.js";
import type { PrepareNode } from "../prepare.js";
import type {
  Argument,
  Call,
  Field,
  GpuPrecision,
  Layer,
  Numbers,
  PlacedRun,
  Pointer,
} from "../program.js";
import { sizeOf } from "./layouts.js";

/** What the whole program shares. */
export interface GpuTarget {
  readonly plan: Plan;
  readonly precision: GpuPrecision;
  readonly table: LayerTable;
}

/** No bias, no factor. */
export const none: Pointer = { kind: "none" };

/** One node while it is lowered: where its values lie, and makers of calls. */
export class GpuNode<A = unknown> {
  readonly inputs: readonly PlacedRun[];
  readonly outputs: readonly PlacedRun[];

  constructor(
    readonly target: GpuTarget,
    readonly planned: PlannedNode,
    readonly node: Node<A>,
    readonly prepare: PrepareNode,
  ) {
    this.inputs = node.inputs.map((value) => runOf(target.plan, value));
    this.outputs = node.outputs.map((value) => runOf(target.plan, value));
  }

  /** What convolutions and matrix products compute in: they alone know tf32. */
  get precision(): GpuPrecision {
    return this.target.precision;
  }

  /** How numbers are stored. */
  get storage(): GpuPrecision {
    return storageOf(this.precision);
  }

  /** Bytes that `count` numbers take. */
  bytes(count: number): number {
    return sizeOf(this.precision) * count;
  }

  layer(type: string, ...fields: readonly (Field | undefined)[]): Layer {
    const given = fields.filter((field) => field !== undefined);
    return this.target.table.layer(this.node.outputs[0]!.name, type, given);
  }

  /** A dense value that is all of the node's scratch. */
  scratch(path: string, shape: Shape): PlacedRun {
    const { workspace } = this.planned;
    if (workspace === undefined) bug(`${path} has no scratch`);
    return { path, buffer: workspace.offset, shape, pitch: channels(shape), channel: 0 };
  }

  /** A kernel whose shape is known when it is compiled. */
  kernel(file: string, name: string, layer: Layer, ...args: readonly Argument[]): Call {
    return call(`cuda/${file}.cuh`, name, [layer, this.storage], args);
  }

  /** Numbers of the spec, one a channel, among the prepared weights. */
  numbers(name: string, values: readonly number[]): Pointer {
    const path = `${this.node.outputs[0]!.name}.${name}`;
    const numbers: Numbers = this.target.table.numbers(path, values);
    const count = { kind: "number", value: values.length } as const;
    return this.prepare.store(undefined, 4 * values.length, (_, to) =>
      call("cuda/pack.hpp", "pack_numbers", [], [count, { kind: "numbers", numbers }, to]),
    );
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

export const at = (value: PlacedRun): Argument => ({ kind: "value", value });

/** Channels `first` to `first + count` of a run. */
export const part = (run: PlacedRun, path: string, first: number, count: number): PlacedRun => ({
  ...run,
  path,
  shape: [count, ...run.shape.slice(1)],
  channel: run.channel + first,
});

export function runOf(plan: Plan, value: Value): PlacedRun {
  const { place, layout, sliceOf }: PlacedValue = plan.values.get(value)!;
  if (place.kind !== "arena" || layout.kind !== "channels-last") {
    bug(`${value.name} has no place in the arena`);
  }
  return {
    path: value.name,
    buffer: place.buffer,
    shape: value.shape,
    pitch: layout.pitch,
    channel: sliceOf?.channel ?? 0,
  };
}
