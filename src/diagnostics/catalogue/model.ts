import { defineDiagnostics } from "../define.js";

/** `model/*`, `module/*` and `stage/*`: how declarations hang together. */
export const modelDiagnostics = defineDiagnostics({
  "model/no-output": {
    severity: "error",
    message: ({ model }: { model: string }) => `${model} has no output.`,
    doc: {
      cause: "A model without an `output` computes nothing that anyone could read.",
      mend: "Write `output NAME:` before the step whose result is wanted.",
    },
  },
});
