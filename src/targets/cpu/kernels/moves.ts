/** What only moves numbers: between layouts, and what no pass could drop. */
import type { Conversion } from "../../../kernels/select.js";
import { planar } from "../../../kernels/layout.js";
import { dropout } from "../../../ops/dropout.js";
import { flatten } from "../../../ops/flatten.js";
import { identity } from "../../../ops/identity.js";
import { elements } from "../../../ops/shape.js";
import { extent } from "../../describe.js";
import { blocked, both, type CpuLowering, kernel } from "../kernel.js";
import type { LayerTable } from "../../layers.js";
import type { Plan, PlannedCopy } from "../../../plan/plan.js";
import type { Call } from "../../program.js";
import { call, type CpuNode, type Instruction, placed, placeOf } from "../node.js";
import { floats } from "../layouts.js";
import { launch, move } from "./costs.js";

const copy = (cx: CpuNode): readonly Instruction[] => {
  const layer = cx.layer("Copy", extent(cx.node.inputs[0]!.shape));
  return [cx.own("copy", "copy", layer, [cx.inputs[0]!, cx.outputs[0]!])];
};

/** Operators that do nothing at inference. */
export const passKernels = [
  both({ name: "identity", primitive: identity, perNumber: move, lower: copy }),
  both({ name: "dropout", primitive: dropout, perNumber: move, lower: copy }),
];

/** An image in blocks becomes a vector by being made planar. */
export const flattenBlocked = kernel<object, "">({
  name: "flatten.blocked",
  primitive: flatten,
  refuses: ({ inputs }) => (inputs[0]!.shape.length === 3 ? undefined : "it is flat already"),
  ways: ({ inputs }) => [
    {
      tuning: "",
      inputs: [blocked],
      outputs: [planar],
      weights: {},
      cost: move * elements(inputs[0]!.shape),
    },
  ],
  lower: (cx) => [reorder(cx, "to_planar")],
});

/** What is planar stays as it is. */
const flattenCopy = (reference: boolean) =>
  kernel<object, "">({
    name: reference ? "flatten.reference" : "flatten.copy",
    primitive: flatten,
    reference,
    ways: ({ inputs }) => [
      {
        tuning: "",
        inputs: [planar],
        outputs: [planar],
        weights: {},
        cost: move * elements(inputs[0]!.shape),
      },
    ],
    lower: (cx, { inputs }) => {
      const layer = cx.layer("Copy", extent([elements(inputs[0]!.shape)]));
      return [cx.own("copy", "copy", layer, [cx.inputs[0]!, cx.outputs[0]!])];
    },
  });

export const flattenKernels = {
  fast: flattenCopy(false),
  reference: flattenCopy(true),
};

const conversion = (
  from: "planar" | "blocked",
  to: "planar" | "blocked",
): Conversion<CpuLowering> => ({
  from,
  to,
  cost: ({ shape }) => launch + move * floats(shape, blocked),
  lower: (cx) => [reorder(cx, to === "blocked" ? "to_blocked" : "to_planar")],
});

export const conversions = [conversion("planar", "blocked"), conversion("blocked", "planar")];

function reorder(cx: CpuNode, name: string): Instruction {
  const { shape } = cx.node.inputs[0]!;
  const layer = cx.layer("Image", extent(shape));
  cx.check("extent", layer, floats(shape, blocked));
  return cx.kernel("copy", name, layer, [cx.inputs[0]!, cx.outputs[0]!]);
}

/** Stores a value in the caller's buffer, which is planar. */
export function outputCopy(
  plan: Plan,
  table: LayerTable,
  { value, index }: PlannedCopy,
  reference: boolean,
): Call {
  const args = [placeOf(plan, value), { kind: "output", index } as const];
  if (placed(plan, value).layout.kind === "blocked") {
    const layer = table.layer(value.name, "Image", [extent(value.shape)]);
    return call("cpu/copy.hpp", "to_planar", [layer], args);
  }
  const layer = table.layer(value.name, "Copy", [extent([elements(value.shape)])]);
  if (!reference) return call("cpu/copy.hpp", "copy", [layer], args);
  const own = { kind: "layer", layer } as const;
  return call("cpu/reference/copy.hpp", "reference::copy", [], [own, ...args]);
}
