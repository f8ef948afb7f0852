import type { Call, Stripe } from "./program.js";

/** The values that a call speaks of, in the order of its arguments. */
export const stripesOf = ({ args }: Call): readonly Stripe[] =>
  args.flatMap((arg) =>
    arg.kind === "value" ? [arg.value] : arg.kind === "values" ? arg.values : [],
  );
