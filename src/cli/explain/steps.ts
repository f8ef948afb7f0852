import { channels, plane } from "../../ops/shape.js";
import { placedRuns } from "../../targets/placed-runs.js";
import type { Call, CudaProgram, PlacedRun, StepSection } from "../../targets/program.js";

/** One step of a GPU's program: what it calls, on which runs of channels, and what it waits for. */
export interface StepRow {
  readonly name: string;
  readonly what: string;
  /** `copy`, `linear`: in this order; more than one where a library cannot take a value as it lies. */
  readonly calls: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly after: readonly string[];
}

export const stepRows = ({ run }: CudaProgram): readonly StepRow[] => run.map(stepRow);

function stepRow({ name, what, steps, after }: StepSection): StepRow {
  const last = steps.at(-1)!;
  return {
    name,
    what,
    calls: steps.map((call) => call.function),
    reads: sources(steps[0]!).map(place),
    writes: result(last) === undefined ? [] : [place(result(last)!)],
    after,
  };
}

/** Kernels take what they read first; a sum has its result in front. */
const isSum = ({ args }: Call): boolean => args.at(-1)?.kind === "values";
const sources = (call: Call): readonly PlacedRun[] => {
  if (isSum(call)) return placedRuns(call).slice(1);
  return call.function === "load_input" ? [] : placedRuns(call).slice(0, 1);
};
const result = (call: Call): PlacedRun | undefined => {
  if (isSum(call)) return placedRuns(call)[0];
  return call.function === "store_output" ? undefined : placedRuns(call).at(-1);
};

/** `96 of 368 x 28x28`: some channels of a wider buffer, with its pixels apart. */
function place({ shape, pitch }: PlacedRun): string {
  const count = channels(shape);
  const some = pitch === count ? `${count}` : `${count} of ${pitch}`;
  const [height, width] = plane(shape);
  return shape.length === 1 ? some : `${some} x ${height}x${width}`;
}
