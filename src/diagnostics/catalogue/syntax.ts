import { defineDiagnostics } from "../define.js";

/** `syntax/*`: the text is not in the language. Found by src/syntax. */
export const syntaxDiagnostics = defineDiagnostics({
  "syntax/unexpected": {
    severity: "error",
    message: ({ expected, found }: { expected: string; found: string }) =>
      `Expected ${expected}, found ${found}.`,
    doc: {
      cause: "The grammar allows something else here.",
      mend: "Write what the message expects, or remove what it found.",
    },
  },
  "syntax/missing-arrow": {
    severity: "error",
    message: ({ before, after }: { before: string; after: string }) =>
      `There is no -> between ${before} and ${after}.`,
    doc: {
      cause: "Two steps stand side by side; `->` chains them.",
      mend: "Write `->` between them, or a name and a colon before the second if it is a stage of its own.",
    },
  },
  "syntax/wrong-arrow": {
    severity: "error",
    message: ({ found }: { found: string }) => `Steps are chained with ->, not with ${found}.`,
    doc: {
      cause: "`=>`, `|`, `|>`, `>` or the like stands between two steps.",
      mend: "Write `->`.",
    },
  },
  "syntax/unknown-join": {
    severity: "error",
    message: ({ name, known }: { name: string; known: string }) =>
      `${name} is not a join; only ${known} hold steps in braces.`,
    doc: {
      cause: "A name that is not a join stands before `{`.",
      mend: "Write one of those that the message lists, or parentheses if it is an operator.",
    },
  },
  "syntax/missing-parenthesis": {
    severity: "error",
    message: ({ side, callee }: { side: "(" | ")"; callee: string }) =>
      side === "("
        ? `The arguments of ${callee} stand in parentheses.`
        : `The parenthesis of ${callee} is not closed.`,
    doc: {
      cause: "Arguments stand without `(` before them or without `)` after them.",
      mend: "Write the arguments in parentheses: `conv(1x1, 64)`.",
    },
  },
  "syntax/missing-bracket": {
    severity: "error",
    message: () => "The bracket is not closed.",
    doc: { cause: "A list has no `]`.", mend: "Write `]` after its last item." },
  },
  "syntax/missing-brace": {
    severity: "error",
    message: ({ side, of }: { side: "{" | "}"; of: string }) =>
      side === "{" ? `The body of ${of} stands in braces.` : `The brace of ${of} is not closed.`,
    doc: {
      cause: "A body has no `{` before it or no `}` after it.",
      mend: "Write the brace; the row of the one that is open is shown.",
    },
  },
  "syntax/extra-bracket": {
    severity: "error",
    message: ({ bracket }: { bracket: string }) => `This ${bracket} closes nothing.`,
    doc: {
      cause: "There is one closing brace, bracket or parenthesis too many.",
      mend: "Remove it.",
    },
  },
  "syntax/missing-comma": {
    severity: "error",
    message: ({ before, after }: { before: string; after: string }) =>
      `There is no comma between ${before} and ${after}.`,
    doc: { cause: "Two items of a list stand side by side.", mend: "Write a comma between them." },
  },
  "syntax/extra-comma": {
    severity: "error",
    message: () => "This comma separates nothing.",
    doc: {
      cause:
        "A comma stands first, last, beside another one, or between stages. Only fields may end with one.",
      mend: "Remove the comma.",
    },
  },
  "syntax/missing-colon": {
    severity: "error",
    message: ({ name }: { name: string }) => `There is no colon after ${name}.`,
    doc: {
      cause: "A stage, branch, output or field is a name, a colon, and what it stands for.",
      mend: "Write `NAME: …`.",
    },
  },
  "syntax/equals-for-colon": {
    severity: "error",
    message: ({ name }: { name: string }) => `${name} takes a colon, not =.`,
    doc: {
      cause:
        "`=` gives a parameter its default and a constant its value; everything else takes `:`.",
      mend: "Write `:`.",
    },
  },
  "syntax/colon-for-equals": {
    severity: "error",
    message: ({ name }: { name: string }) => `${name} takes =, not a colon.`,
    doc: {
      cause: "A parameter's default and a constant's value are written with `=`.",
      mend: "Write `=`.",
    },
  },
  "syntax/missing-label": {
    severity: "error",
    message: ({ what, step }: { what: "stage" | "branch"; step: string }) =>
      `This ${what} has no name before ${step}.`,
    doc: {
      cause:
        "Every stage of a model and every branch of a join has a name: parameters are called after it.",
      mend: "Write `NAME: ` before it, or `->` if it goes on with the step before it.",
    },
  },
  "syntax/missing-input": {
    severity: "error",
    message: ({ model }: { model: string }) => `${model} does not begin with its input.`,
    doc: {
      cause: "A model's first row says what it takes.",
      mend: "Write `input image: f32[3, 224, 224]` (channels, height, width) first.",
    },
  },
  "syntax/late-input": {
    severity: "error",
    message: ({ name }: { name: string }) => `The input ${name} stands behind a stage.`,
    doc: {
      cause: "A model's first rows say what it takes: all of its inputs, then what it does.",
      mend: "Move it up, behind the first input.",
    },
  },
  "syntax/number": {
    severity: "error",
    message: ({ text }: { text: string }) => `${text} is not a number, a size or a name.`,
    doc: {
      cause:
        "A number is followed by letters or digits that don't belong to it, as in `3x3x3` or `64f`, or has no digit beside its point.",
      mend: "Write `64`, `1_000`, `0.5`, `1e-4`, or a size as height x width: `3x3`.",
    },
  },
  "syntax/number-range": {
    severity: "error",
    message: ({ text }: { text: string }) => `${text} is too large a number.`,
    doc: {
      cause: "A whole number is beyond 2^53 - 1, or a number beyond what a float64 can hold.",
      mend: "Write a smaller number.",
    },
  },
  "syntax/missing-name": {
    severity: "error",
    message: ({ what }: { what: string }) => `This ${what} has no name.`,
    doc: {
      cause: "`input`, `output` and `aux` are followed by a name, then a colon.",
      mend: "Write `output NAME: …`.",
    },
  },
  "syntax/dangling-arrow": {
    severity: "error",
    message: ({ side }: { side: "before" | "after" }) => `There is no step ${side} this ->.`,
    doc: {
      cause: "`->` stands first or last in a chain, or twice.",
      mend: "Remove it, or write the step that is missing.",
    },
  },
  "syntax/missing-step": {
    severity: "error",
    message: ({ what, after }: { what: "step" | "name"; after: string }) =>
      `There is no ${what} after ${after}.`,
    doc: {
      cause: "A stage, branch, output or aux has no steps, or `as` no name.",
      mend: "Write what is missing; `identity` is a step that changes nothing.",
    },
  },
  "syntax/named-step": {
    severity: "error",
    message: ({ name, of }: { name: string; of: string }) =>
      `${of} holds one chain, in which ${name} cannot be a stage.`,
    doc: {
      cause: "A step in a module, `residual` or `repeat` has a name and a colon before it.",
      mend: "Chain the steps with `->`; `as NAME` after a step names its parameters.",
    },
  },
  "syntax/unknown-word": {
    severity: "error",
    message: ({ name }: { name: string }) => `${name} begins nothing that may stand here.`,
    doc: {
      cause: "A word such as `module`, `model`, `input` or `output` is misspelt.",
      mend: "Write the word that is suggested.",
    },
  },
  "syntax/unterminated-string": {
    severity: "error",
    message: () => "The string does not end on its row.",
    doc: { cause: 'A string has no closing `"`.', mend: 'Write `"` at its end.' },
  },
  "syntax/unterminated-comment": {
    severity: "error",
    message: () => "The comment is not closed.",
    doc: { cause: "A `/*` has no `*/`.", mend: "Write `*/` at its end." },
  },
  "syntax/quotes": {
    severity: "error",
    message: () => "Strings stand in double quotes.",
    doc: { cause: "A string stands in single or typographic quotes.", mend: 'Write `"…"`.' },
  },
  "syntax/hash-comment": {
    severity: "error",
    message: () => "A comment begins with //, not with #.",
    doc: { cause: "A `#` stands in the text.", mend: "Write `//`." },
  },
  "syntax/character": {
    severity: "error",
    message: ({ character }: { character: string }) =>
      `${character} has no meaning in the language.`,
    doc: {
      cause:
        "A character stands outside of strings and comments that no rule of the language uses.",
      mend: "Remove it.",
    },
  },
  "syntax/too-deep": {
    severity: "error",
    message: ({ limit }: { limit: number }) => `Nesting is deeper than ${limit}.`,
    doc: {
      cause: "More than 100 braces, brackets, parentheses or signs are open at once.",
      mend: "Move inner parts to modules or constants of their own.",
    },
  },
  "syntax/too-large": {
    severity: "error",
    message: ({ length, limit }: { length: number; limit: number }) =>
      `The text has ${length} characters, a spec may have at most ${limit}.`,
    doc: {
      cause: "The file is larger than any spec has reason to be.",
      mend: "Check that the right file is named; split a large one with `import`.",
    },
  },
  "syntax/binary": {
    severity: "error",
    message: () => "This is not text.",
    doc: {
      cause: "The file holds NUL or other control characters, or is not UTF-8.",
      mend: "Name a `.incept` file, saved as UTF-8.",
    },
  },
  "syntax/too-many": {
    severity: "error",
    message: ({ limit }: { limit: number }) =>
      `There are more than ${limit} syntax errors; the others are not listed.`,
    doc: {
      cause: "The text is perhaps not a spec at all.",
      mend: "Mend those listed and check again.",
    },
  },
});
