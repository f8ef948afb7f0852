import { channels, plane } from "../../ops/shape.js";
import { stripesOf } from "../../targets/stripes.js";
import type { Call, CudaProgram, Stripe, TaskSection } from "../../targets/program.js";

/** One task of a GPU's program: what it calls, on which stripes of channels, and what it waits for. */
export interface TaskRow {
  readonly name: string;
  readonly what: string;
  /** `copy`, `linear`: in this order; more than one where a library cannot take a value as it lies. */
  readonly calls: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly after: readonly string[];
}

export const taskRows = ({ run }: CudaProgram): readonly TaskRow[] => run.map(taskRow);

function taskRow({ name, what, instructions, after }: TaskSection): TaskRow {
  const last = instructions.at(-1)!;
  return {
    name,
    what,
    calls: instructions.map((call) => call.function),
    reads: sources(instructions[0]!).map(place),
    writes: result(last) === undefined ? [] : [place(result(last)!)],
    after,
  };
}

/** Kernels take what they read first; a sum has its result in front. */
const isSum = ({ args }: Call): boolean => args.at(-1)?.kind === "values";
const sources = (call: Call): readonly Stripe[] => {
  if (isSum(call)) return stripesOf(call).slice(1);
  return call.function === "load_input" ? [] : stripesOf(call).slice(0, 1);
};
const result = (call: Call): Stripe | undefined => {
  if (isSum(call)) return stripesOf(call)[0];
  return call.function === "store_output" ? undefined : stripesOf(call).at(-1);
};

/** `96 of 368 x 28x28`: some channels of a wider buffer, with its pixels apart. */
function place({ shape, pitch }: Stripe): string {
  const count = channels(shape);
  const some = pitch === count ? `${count}` : `${count} of ${pitch}`;
  const [height, width] = plane(shape);
  return shape.length === 1 ? some : `${some} x ${height}x${width}`;
}
