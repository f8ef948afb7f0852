import { counted } from "../counted.js";
import { defineDiagnostics } from "../define.js";

export interface Wrong {
  readonly name: string;
  readonly callee: string;
  readonly expected: string;
  readonly got: string;
}

const mustBe = ({ name, callee, expected, got }: Wrong): string =>
  `${name} of ${callee} must be ${expected}; this is ${got}.`;

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
  "args/unknown": {
    severity: "error",
    message: ({ name, callee }: { name: string; callee: string }) =>
      `${callee} has no argument called ${name}.`,
    doc: {
      cause:
        "A call or `defaults` names an argument that is not in the operator's table, or one that is only written by position.",
      mend: "Take the name that the message suggests, or see the operator's table.",
    },
  },
  "args/missing": {
    severity: "error",
    message: ({ name, callee, doc }: { name: string; callee: string; doc: string }) =>
      `${callee} lacks ${name}${doc === "" ? "" : `, ${doc}`}.`,
    doc: {
      cause: "An argument without a default is not given.",
      mend: "Write it; a parameter of a model also takes `--set NAME=VALUE`.",
    },
  },
  "args/too-many": {
    severity: "error",
    message: ({ callee, most }: { callee: string; most: number }) =>
      most === 0
        ? `${callee} takes no arguments by position.`
        : `${callee} takes ${counted(most, "argument")} by position.`,
    doc: {
      cause: "A call has more positional arguments than the operator or module takes.",
      mend: "Remove the last ones, or name them: `pad: 1`.",
    },
  },
  "args/order": {
    severity: "error",
    message: ({ callee }: { callee: string }) =>
      `Positional arguments of ${callee} come before the named ones.`,
    doc: {
      cause: "An argument without a name follows one with a name.",
      mend: "Move it to the front, or name it.",
    },
  },
  "args/type": {
    severity: "error",
    message: mustBe,
    doc: {
      cause:
        "An argument is of another kind than its table says; a count that is not whole is one too.",
      mend: "Write a value as the message describes it.",
    },
  },
  "args/range": {
    severity: "error",
    message: mustBe,
    doc: {
      cause: "An argument is of the right kind but too small, too large or otherwise outside.",
      mend: "Write a value as the message describes it.",
    },
  },
  "args/arithmetic": {
    severity: "error",
    message: ({ why }: { why: string }) => why,
    doc: {
      cause:
        "An expression calculates with something else than numbers, divides by zero, or divides a size by something else than a stride.",
      mend: "Only numbers have arithmetic; a size divided by a stride is a window, `k/2`.",
    },
  },
  "args/call": {
    severity: "error",
    message: ({ name }: { name: string }) => `${name}(…) is not a value.`,
    doc: {
      cause: "A call stands where a value belongs.",
      mend: "Steps are chained with `->`; only arguments such as `norm` and `optimizer` take calls.",
    },
  },
  "args/conflict": {
    severity: "error",
    message: ({ a, b }: { a: string; b: string }) => `${a} and ${b} exclude each other.`,
    doc: { cause: "Two arguments contradict each other.", mend: "Remove one of them." },
  },
  "args/setting": {
    severity: "error",
    message: ({
      model,
      name,
      expected,
      got,
    }: {
      model: string;
      name: string;
      expected: string;
      got: string;
    }) => `${model} takes ${expected} for ${name}; --set gives ${got}.`,
    doc: {
      cause: "A value set from outside is not of the parameter's kind: integer, size or boolean.",
      mend: "Write `--set classes=10`, `--set kernel=3x3` or `--set deep=true`.",
    },
  },
});
