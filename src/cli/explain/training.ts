/** `explain --train`: what derivatives find of the way to the losses, and what that costs. */
import { type Saved, savedValues } from "../../autodiff/saved.js";
import { counted } from "../../diagnostics/counted.js";
import type { CompiledTraining } from "../../build/project/training.js";
import type { Value } from "../../graph/value.js";
import { formatShape } from "../../ops/shape.js";
import type { Plan } from "../../plan/plan.js";
import { bytes, grouped } from "../terminal.js";
import { fitted } from "./fitted.js";

/** A value that lives from the forward half to the backward half, or is computed again for it. */
export interface SavedRow {
  readonly value: string;
  readonly shape: string;
  /** Of one image, or of the batch where there is one of it. */
  readonly bytes: number;
  readonly of: "image" | "batch";
  readonly fate: "kept" | "computed again" | "part of another";
  /** The steps whose derivatives read it. */
  readonly readers: readonly string[];
}

export const savedRows = ({ compiled: { plan } }: CompiledTraining): readonly SavedRow[] =>
  savedValues(plan.graph).map(({ value, again, readers }: Saved): SavedRow => {
    const placed = plan.values.get(value)!;
    const { place, sliceOf } = placed;
    const isPart = sliceOf !== undefined;
    return {
      value: value.name,
      shape: formatShape(value.shape),
      bytes: place.kind === "arena" && !isPart ? place.bytes : 0,
      of: value.extent === "batch" ? "batch" : "image",
      fate: isPart ? "part of another" : again ? "computed again" : "kept",
      readers: [...new Set(readers.map(({ origin }) => origin.paths[0]!))],
    };
  });

/** Bytes of one image that are kept: of a part, those of what it is a part of, once. */
function keptBytes({ compiled: { plan } }: CompiledTraining): number {
  const whole = new Map<unknown, number>();
  for (const { value, again } of savedValues(plan.graph)) {
    const { place, sliceOf } = plan.values.get(value)!;
    if (again || place.kind !== "arena" || place.extent !== "image") continue;
    whole.set(sliceOf?.value ?? value, place.bytes);
  }
  return [...whole.values()].reduce((sum, each) => sum + each, 0);
}

export function trainingJson(training: CompiledTraining, batch: number): object {
  const { plan, program } = training.compiled;
  return {
    model: plan.graph.name,
    saved: savedRows(training),
    overwritten: overwritten(plan),
    imageBytes: program.arenaBytes,
    batchBytes: program.batchBytes,
    threadBytes: program.threadBytes,
    weightBytes: program.weightBytes,
    batch,
    unreached: training.trained.unreached.map(({ name }) => name),
  };
}

export function trainingText(training: CompiledTraining, batch: number): string {
  const { plan, program } = training.compiled;
  const rows = savedRows(training);
  const head = ["value", "shape", "bytes an image", "read by the derivatives of"];
  const cells = rows
    .filter(({ of }) => of === "image")
    .map(({ value, shape, bytes: size, fate, readers }) => [
      fate === "kept" ? value : `${value} (${fate})`,
      shape,
      size === 0 ? "" : grouped(size),
      readers.slice(0, 2).join(", ") + (readers.length > 2 ? ` +${readers.length - 2}` : ""),
    ]);
  const kept = rows.filter(({ of, fate }) => of === "image" && fate !== "computed again");
  const whole = program.arenaBytes * batch + program.batchBytes;
  const unreached = training.trained.unreached.map(({ name }) => name);
  return [
    fitted([head, ...cells], 3, [2]),
    "",
    `${plan.graph.name}: ${counted(kept.length, "value")} kept for derivatives, ${bytes(keptBytes(training))} an image;`,
    `${counted(overwritten(plan).length, "result")} written over an operand.`,
    `Of a batch of ${batch} all values take ${bytes(whole)}: ${bytes(program.arenaBytes)} an image and ` +
      `${bytes(program.batchBytes)} once.`,
    ...(unreached.length === 0 ? [] : [`No loss hangs on ${unreached.join(", ")}.`]),
  ].join("\n");
}

/** Results that lie where an operand of theirs did. */
function overwritten({ nodes, values }: Plan): readonly string[] {
  const bufferOf = (value: Value): string | undefined => {
    const placed = values.get(value);
    if (placed?.place.kind !== "arena" || placed.sliceOf !== undefined) return undefined;
    return `${placed.place.extent} ${placed.place.buffer}`;
  };
  return nodes.flatMap(({ node: { inputs, outputs } }) => {
    const [result] = outputs;
    const own = bufferOf(result!);
    const isOver = own !== undefined && inputs.some((input) => bufferOf(input) === own);
    return isOver ? [result!.name] : [];
  });
}
