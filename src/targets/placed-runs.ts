import type { Call, PlacedRun } from "./program.js";

/** The values that a call speaks of, in the order of its arguments. */
export const placedRuns = ({ args }: Call): readonly PlacedRun[] =>
  args.flatMap((arg) =>
    arg.kind === "value" ? [arg.value] : arg.kind === "values" ? arg.values : [],
  );
