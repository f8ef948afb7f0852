import { bug } from "../../diagnostics/bug.js";
import type { Node } from "../../graph/graph.js";
import type { Plan, PlannedNode } from "../../plan/plan.js";
import type { LayerTable } from "../layers.js";
import { preparedPlace } from "../prepare.js";
import type { Argument, Barrier, Call, Field, Layer, Pointer } from "../program.js";
import type { CpuPrecision } from "./level.js";
import { nothing, type Places } from "./places.js";

export type Instruction = Call | Barrier;

export { nothing };
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
    private readonly places: Places,
    private readonly isReference: boolean,
    readonly precision: CpuPrecision = "f32",
  ) {
    this.inputs = node.inputs.map((value) => places.of(value));
    this.outputs = node.outputs.map((value) => places.of(value));
    this.scratch = places.scratch(planned);
  }

  /**
   * An operand by the kernel's name for it: prepared, or what a run has made; `absent` where the
   * kernel can do without.
   */
  weight(role: string, absent?: Pointer): Pointer {
    const value = this.node.weights[role];
    if (value?.extent === "model") return preparedPlace(this.plan, value, 4);
    if (value !== undefined) return this.places.of(value);
    if (absent === undefined) bug(`${this.node.outputs[0]!.name} has no ${role}`);
    return absent;
  }

  layer(type: string, ...fields: readonly (Field | undefined)[]): Layer {
    const given = fields.filter((field) => field !== undefined);
    return this.table.layer(this.node.outputs[0]!.name, type, given);
  }

  /** @param file of native/cpu, where no call that prepares weights is of it */
  check(size: string, layer: Layer, value: number | true, file?: string): void {
    this.table.check(size, layer, value, file === undefined ? undefined : `cpu/${file}.hpp`);
  }

  /** A kernel of native/cpu; where it reads or writes bf16, for that. */
  kernel(
    file: string,
    name: string,
    layer: Layer,
    args: readonly Argument[],
    templates: readonly string[] = [],
  ): Call {
    const numbers = args.some(({ kind }) => kind === "bf16") ? ["Bf16"] : [];
    return call(`cpu/${file}.hpp`, name, [layer, ...templates, ...numbers], args);
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

/** Memory that holds numbers of 16 bits. */
export const asBf16 = (of: Pointer): Pointer => ({ kind: "bf16", of });

export const call = (
  header: string,
  name: string,
  templates: readonly (Layer | string)[],
  args: readonly Argument[],
): Call => ({ kind: "call", header, function: name, templates, args });
