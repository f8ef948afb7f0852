/** Between layouts, and from the last one to the caller's. */
import type { Conversion } from "../../../kernels/list.js";
import { elements } from "../../../ops/shape.js";
import { extent } from "../../describe.js";
import { blocked, type CpuLowering } from "../kernel.js";
import type { LayerTable } from "../../layers.js";
import type { Plan, PlannedCopy } from "../../../plan/plan.js";
import type { Call } from "../../program.js";
import { call, type CpuNode, type Instruction } from "../node.js";
import { placed, type Places } from "../places.js";
import { numbers } from "../layouts.js";
import { launch, move } from "./costs.js";

const conversion = (
  from: "planar" | "blocked",
  to: "planar" | "blocked",
): Conversion<CpuLowering> => ({
  from,
  to,
  cost: ({ shape }) => launch + move * numbers(shape, blocked),
  lower: (cx) => [reorder(cx, to === "blocked" ? "to_blocked" : "to_planar")],
});

export const conversions = [conversion("planar", "blocked"), conversion("blocked", "planar")];

/** An image from planar to blocks or back. */
export function reorder(
  cx: CpuNode,
  name: "to_blocked" | "to_planar",
  shape = cx.node.inputs[0]!.shape,
): Instruction {
  const layer = cx.layer("Image", extent(shape));
  cx.check("extent", layer, numbers(shape, blocked));
  return cx.kernel("copy", name, layer, [cx.inputs[0]!, cx.outputs[0]!]);
}

/** Stores a value in the caller's buffer, which is planar. */
export function outputCopy(
  plan: Plan,
  places: Places,
  table: LayerTable,
  { value, index }: PlannedCopy,
  reference: boolean,
): Call {
  const args = [places.of(value), places.output(index)];
  if (placed(plan, value).layout.kind === "blocked") {
    const layer = table.layer(value.name, "Image", [extent(value.shape)]);
    const stored = args[0]!.kind === "bf16" ? ["Bf16"] : [];
    return call("cpu/copy.hpp", "to_planar", [layer, ...stored], args);
  }
  const layer = table.layer(value.name, "Copy", [extent([elements(value.shape)])]);
  if (!reference) return call("cpu/copy.hpp", "copy", [layer], args);
  const own = { kind: "layer", layer } as const;
  return call("cpu/reference/copy.hpp", "reference::copy", [], [own, ...args]);
}
