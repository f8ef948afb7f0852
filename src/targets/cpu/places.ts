/** Where a kernel finds the values that it works on, in a run of each program. */
import { bug } from "../../diagnostics/bug.js";
import type { Value } from "../../graph/value.js";
import { elements } from "../../ops/shape.js";
import type { PlacedValue, Plan, PlannedNode } from "../../plan/plan.js";
import type { BatchPlace, Pointer } from "../program.js";
import { numbers } from "./layouts.js";
import type { CpuPrecision } from "./level.js";

export interface Places {
  of(value: Value): Pointer;
  /** The caller's buffer of an output. */
  output(index: number): Pointer;
  scratch(planned: PlannedNode): Pointer;
}

export const nothing: Pointer = { kind: "null" };

export function placed(plan: Plan, value: Value): PlacedValue {
  const found = plan.values.get(value);
  if (found === undefined) bug(`${value.name} has no place`);
  return found;
}

/** Of inference: one image has the arena to itself. Plans count bytes, programs floats. */
export const inferencePlaces = (plan: Plan, precision: CpuPrecision = "f32"): Places => {
  const arena = (bytes: number): Pointer => ({ kind: "arena", offset: bytes / 4 });
  return {
    of: (value) => {
      const { place, layout } = placed(plan, value);
      if (value.extent !== "image") {
        bug(`${value.name} is one a ${value.extent}: inference has none`);
      }
      const own = place.kind === "arena" ? arena(place.offset) : place;
      return precision === "bf16" && layout.kind === "blocked" ? { kind: "bf16", of: own } : own;
    },
    output: (index) => ({ kind: "output", index }),
    scratch: ({ workspace }) => (workspace === undefined ? nothing : arena(workspace.offset)),
  };
};

/** The same for kernels that take a group of images: each has an arena like the first one's. */
export const groupPlaces = (plan: Plan, precision: CpuPrecision = "f32"): Places => {
  const places = inferencePlaces(plan, precision);
  const images = (of: Pointer, floats: number): Pointer => {
    if (of.kind === "bf16") return { kind: "bf16", of: images(of.of, floats / 2) };
    if (of.kind === "arena") return { kind: "images", of };
    return { kind: "images", of, count: floats };
  };
  return {
    of: (value) => images(places.of(value), numbers(value.shape, placed(plan, value).layout)),
    output: (index) =>
      images(places.output(index), elements(plan.graph.outputs[index]!.value.shape)),
    scratch: (planned) => ({ kind: "images", of: places.scratch(planned) }),
  };
};

/**
 * Of training: values go by their names, which stand for all images of a batch.
 *
 * @param by whether the kernel takes one image, or the whole batch
 */
export const trainingPlaces = (plan: Plan, by: "image" | "batch"): Places => {
  const pointer = (place: BatchPlace): Pointer => ({ kind: "place", by, place });
  return {
    of: (value) => pointer(placeInBatch(plan, value)),
    output: (index) => pointer(outputPlace(plan, index)),
    scratch: ({ node, workspace }) => {
      if (workspace === undefined) return nothing;
      if (workspace.of === "thread") return { kind: "scratch" };
      const name = `${node.outputs[0]!.name}.scratch`;
      return pointer({ name, type: "BatchValue", dtype: "f32", numbers: [workspace.offset] });
    },
  };
};

/** Distances in bytes, but for those between a caller's images. */
export function placeInBatch(plan: Plan, value: Value): BatchPlace {
  const { place } = placed(plan, value);
  const { name, shape, dtype, extent } = value;
  switch (place.kind) {
    case "input":
      return extent === "image"
        ? { name, type: "ImageInput", dtype, numbers: [place.index, elements(shape)] }
        : { name, type: "BatchInput", dtype, numbers: [place.index] };
    case "output":
      return outputPlace(plan, place.index);
    case "arena": {
      const { offset, buffer, bytes } = place;
      return place.extent === "image"
        ? { name, type: "ImageValue", dtype, numbers: [buffer, bytes, offset - buffer] }
        : { name, type: "BatchValue", dtype, numbers: [offset] };
    }
  }
}

function outputPlace({ graph }: Plan, index: number): BatchPlace {
  const { name, value } = graph.outputs[index]!;
  if (value.extent !== "batch") bug(`training gives ${name}, which is one an ${value.extent}`);
  return { name, type: "BatchOutput", dtype: value.dtype, numbers: [index] };
}
