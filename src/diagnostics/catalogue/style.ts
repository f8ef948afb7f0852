import { defineDiagnostics } from "../define.js";

/** `style/*`: warnings; `// allow style/CODE: why` on the row before silences one. */
export const styleDiagnostics = defineDiagnostics({
  "style/branch-kernel": {
    severity: "warning",
    message: ({ branch, size }: { branch: string; size: string }) =>
      `The branch ${branch} has no ${size} in it.`,
    doc: {
      cause:
        "A branch is called after a kernel (`b5`, `conv5`, `branch5x5`) that none of its steps has.",
      mend: "Rename the branch or mend its kernel.",
    },
  },
  "style/linear-chain": {
    severity: "warning",
    message: ({ operator }: { operator: string }) =>
      `Nothing non-linear stands between this ${operator} and the linear map before it: together they are one linear map.`,
    doc: {
      cause: "Two convolutions or linears follow each other without an activation between them.",
      mend: "Write `act: relu` in the first, or `defaults { conv { act: relu } }`.",
    },
  },
});
