import { defineDiagnostics } from "../define.js";

/** `shape/*`: what flows from step to step does not fit. */
export const shapeDiagnostics = defineDiagnostics({
  "shape/branch-mismatch": {
    severity: "error",
    message: ({ join, differ }: { join: "concat" | "add"; differ: string }) =>
      `The branches of this ${join} differ in ${differ}.`,
    doc: {
      cause:
        "The branches of a `concat` must agree in height and width, those of an `add` in channels too.",
      mend: "Give the branch that differs the padding or the stride of the others.",
    },
  },
});
