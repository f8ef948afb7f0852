import { defineDiagnostics } from "../define.js";

/** `name/*` and `import/*`: what a name stands for. */
export const namesDiagnostics = defineDiagnostics({
  "name/keyword": {
    severity: "error",
    message: ({ name, role }: { name: string; role: string }) =>
      `${name} is a word of the language and cannot be ${role}.`,
    doc: {
      cause: "A keyword such as `input`, `repeat` or `train` stands where a name belongs.",
      mend: 'Choose another name. To reach a checkpoint\'s parameter of that name, write `as "repeat"`.',
    },
  },
});
