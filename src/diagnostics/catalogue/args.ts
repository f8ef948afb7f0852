import { defineDiagnostics } from "../define.js";

/** `args/*`: the arguments of operators, modules and models. */
export const argsDiagnostics = defineDiagnostics({
  "args/duplicate": {
    severity: "error",
    message: ({ name, callee }: { name: string; callee: string }) =>
      `${callee} is given ${name} twice.`,
    doc: {
      cause: "A call names the same argument twice, or by position and by name.",
      mend: "Keep one of the two.",
    },
  },
});
