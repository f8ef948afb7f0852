import { bug } from "../../diagnostics/bug.js";
import type { Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import type { PlacedValue, Plan, PlannedNode } from "../../plan/plan.js";
import type { LayerTable } from "../layers.js";
import type { PrepareNode } from "../prepare.js";
import { extent } from "../describe.js";
import type { Argument, Barrier, Call, Field, Layer, Pointer } from "../program.js";
import type { CpuLevel } from "./level.js";
import { isPlanarImage } from "./blocks.js";
import { blockedBytes, blockedOffset } from "./scratch.js";

export type Step = Call | Barrier;

/** What the whole program shares. */
export interface Target {
  readonly plan: Plan;
  readonly level: CpuLevel;
  /** The plain kernels of native/cpu/reference. */
  readonly reference: boolean;
  readonly table: LayerTable;
}

export const nothing: Pointer = { kind: "null" };
export const barrier: Barrier = { kind: "barrier" };

/** One node while it is lowered: its pointers, and makers of calls. */
export class CpuNode<A = unknown> {
  readonly inputs: readonly Pointer[];
  readonly outputs: readonly Pointer[];
  readonly scratch: Pointer;

  constructor(
    readonly target: Target,
    readonly planned: PlannedNode,
    readonly node: Node<A>,
    readonly prepare: PrepareNode,
  ) {
    const { plan } = target;
    this.inputs = node.inputs.map((value) => placeOf(plan, value));
    this.outputs = node.outputs.map((value) => placeOf(plan, value));
    const { workspace } = planned;
    this.scratch = workspace === undefined ? nothing : arena(workspace.offset);
  }

  get reference(): boolean {
    return this.target.reference;
  }

  isPlanarImage(index: number): boolean {
    return isPlanarImage(this.node.inputs[index]!);
  }

  layer(type: string, ...fields: readonly (Field | undefined)[]): Layer {
    const given = fields.filter((field) => field !== undefined);
    return this.target.table.layer(this.node.outputs[0]!.name, type, given);
  }

  check(size: string, layer: Layer, value: number | true): void {
    this.target.table.check(size, layer, value);
  }

  /** A kernel of native/cpu, or its namesake in native/cpu/reference. */
  kernel(
    file: string,
    name: string,
    layer: Layer,
    args: readonly Argument[],
    templates: readonly string[] = [],
  ): Call {
    if (this.reference) {
      const header = `cpu/reference/${file}.hpp`;
      const own: Argument = { kind: "layer", layer };
      return call(header, `reference::${name}`, [], [own, ...args]);
    }
    return call(`cpu/${file}.hpp`, name, [layer, ...templates], args);
  }

  /**
   * The input for a kernel that reads blocks: the network's own image is brought into them first.
   * `before` is empty where the input is in blocks, or where the kernels are planar.
   */
  blockedInput(index: number): { readonly before: readonly Step[]; readonly from: Pointer } {
    const from = this.inputs[index]!;
    if (this.reference || !this.isPlanarImage(index)) return { before: [], from };
    const { shape } = this.node.inputs[index]!;
    const layer = this.layer("Image", extent(shape));
    this.check("extent", layer, blockedBytes(shape) / 4);
    const to = arena(this.planned.workspace!.offset + blockedOffset(this.node, index));
    const copy = this.kernel("copy", "to_blocked", layer, [from, to]);
    return { before: [copy, barrier], from: to };
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
  return place.kind === "arena" ? arena(place.offset) : place;
}

export function placed(plan: Plan, value: Value): PlacedValue {
  const found = plan.values.get(value);
  if (found === undefined) bug(`${value.name} has no place`);
  return found;
}

/** Plans count bytes, programs floats. */
const arena = (bytes: number): Pointer => ({ kind: "arena", offset: bytes / 4 });
