import { bug } from "../../diagnostics/bug.js";
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { PlacedValue, Plan, PlannedNode } from "../../plan/plan.js";
import type { LayerTable } from "../layers.js";
import { preparedPlace } from "../prepare.js";
import type { Argument, Barrier, Call, Field, Layer, Pointer } from "../program.js";

export type Instruction = Call | Barrier;

export const nothing: Pointer = { kind: "null" };
export const barrier: Barrier = { kind: "barrier" };

/** One node while it is lowered: its pointers, and makers of calls. */
export class CpuNode<A = unknown> {
  readonly inputs: readonly Pointer[];
  readonly outputs: readonly Pointer[];
  readonly scratch: Pointer;

  /** @param isReference whether the kernel is its namesake in native/cpu/reference */
  constructor(
    readonly plan: Plan,
    readonly table: LayerTable,
    readonly planned: PlannedNode,
    readonly node: Node<A>,
    private readonly isReference: boolean,
  ) {
    this.inputs = node.inputs.map((value) => placeOf(plan, value));
    this.outputs = node.outputs.map((value) => placeOf(plan, value));
    const { workspace } = planned;
    this.scratch = workspace === undefined ? nothing : arena(workspace.offset);
  }

  /** A prepared operand, by the kernel's name for it; `absent` where the kernel can do without. */
  weight(role: string, absent?: Pointer): Pointer {
    const value = this.node.weights[role];
    if (value !== undefined) return preparedPlace(this.plan, value, 4);
    if (absent === undefined) bug(`${this.node.outputs[0]!.name} has no ${role}`);
    return absent;
  }

  layer(type: string, ...fields: readonly (Field | undefined)[]): Layer {
    const given = fields.filter((field) => field !== undefined);
    return this.table.layer(this.node.outputs[0]!.name, type, given);
  }

  check(size: string, layer: Layer, value: number | true): void {
    this.table.check(size, layer, value);
  }

  /** A kernel of native/cpu. */
  kernel(
    file: string,
    name: string,
    layer: Layer,
    args: readonly Argument[],
    templates: readonly string[] = [],
  ): Call {
    return call(`cpu/${file}.hpp`, name, [layer, ...templates], args);
  }

  /** A kernel of native/cpu/reference. */
  reference(file: string, name: string, layer: Layer, args: readonly Argument[]): Call {
    const own: Argument = { kind: "layer", layer };
    return call(`cpu/reference/${file}.hpp`, `reference::${name}`, [], [own, ...args]);
  }

  /** The one or the other, for those that are called alike. */
  own(file: string, name: string, layer: Layer, args: readonly Argument[]): Call {
    return this.isReference
      ? this.reference(file, name, layer, args)
      : this.kernel(file, name, layer, args);
  }
}

export const call = (
  header: string,
  name: string,
  templates: readonly (Layer | string)[],
  args: readonly Argument[],
): Call => ({ kind: "call", header, function: name, templates, args });

export function placeOf(plan: Plan, value: Value): Pointer {
  const { place } = placed(plan, value);
  if (value.extent !== "image")
    bug(`${value.name} is one a ${value.extent}: no kernel knows those`);
  return place.kind === "arena" ? arena(place.offset) : place;
}

export function placed(plan: Plan, value: Value): PlacedValue {
  const found = plan.values.get(value);
  if (found === undefined) bug(`${value.name} has no place`);
  return found;
}

/** Plans count bytes, programs floats. */
const arena = (bytes: number): Pointer => ({ kind: "arena", offset: bytes / 4 });
