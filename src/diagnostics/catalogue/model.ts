import { counted } from "../counted.js";
import { defineDiagnostics } from "../define.js";
import { visibleName } from "../visible.js";

/** `model/*`, `module/*`, `stage/*` and `labels/*`: how declarations hang together. */
export const modelDiagnostics = defineDiagnostics({
  "model/no-output": {
    severity: "error",
    message: ({ model }: { model: string }) => `${model} has no output.`,
    doc: {
      cause: "A model without an `output` computes nothing that anyone could read.",
      mend: "Write `output NAME:` before the step whose result is wanted.",
    },
  },
  "model/none": {
    severity: "error",
    message: () => "This file declares no model.",
    doc: {
      cause: "A file with nothing but modules and constants can be imported, not compiled.",
      mend: "Compile the file that imports it, or write `model NAME { … }`.",
    },
  },
  "model/ambiguous": {
    severity: "error",
    message: ({ names }: { names: string }) => `This file declares several models: ${names}.`,
    doc: {
      cause: "A compiled file has one model, or is told which.",
      mend: "Name one with `--model NAME`.",
    },
  },
  "model/unknown": {
    severity: "error",
    message: ({ name }: { name: string }) => `This file declares no model called ${name}.`,
    doc: {
      cause: "`--model` names a model that is not in the file; imported files are not searched.",
      mend: "Take one of the names that the message lists.",
    },
  },
  "model/input-shape": {
    severity: "error",
    message: ({ dims }: { dims: number }) =>
      `An input has 3 dimensions, or 1 for a vector; this has ${dims}.`,
    doc: {
      cause: "The input's shape is neither channels, height, width nor a length.",
      mend: "Write `f32[3, 224, 224]`; the batch is left out, it is free at run time.",
    },
  },
  "model/image": {
    severity: "error",
    message: ({ why }: { why: string }) => why,
    doc: {
      cause: "`from image(…)` contradicts the input's shape, or itself.",
      mend: "An image has 3 channels, or 1 for its luma. It is resized to no less than the input's size and cropped to it, or stretched to it. With one channel there is no `order`, and `mean` and `std` are one number.",
    },
  },
  "model/twice": {
    severity: "error",
    message: ({ what, model }: { what: string; model: string }) =>
      `${model} says ${what} more than once.`,
    doc: { cause: "A model has two `labels` or two `train`.", mend: "Keep one of them." },
  },
  "model/too-large": {
    severity: "error",
    message: ({ limit }: { limit: number }) => `This model has more than ${limit} steps.`,
    doc: {
      cause: "Repeats and modules expand to more steps than any network has.",
      mend: "Check the counts of `repeat`, and modules that call one another several times.",
    },
  },
  "model/too-deep": {
    severity: "error",
    message: ({ limit }: { limit: number }) =>
      `Modules, joins and repeats are nested deeper than ${limit}.`,
    doc: {
      cause: "Modules call modules call modules, further than any network needs.",
      mend: "Flatten some of them.",
    },
  },
  "module/recursion": {
    severity: "error",
    message: ({ name }: { name: string }) => `${name} calls itself, directly or through others.`,
    doc: {
      cause: "A module's body leads back to the module, so its expansion would never end.",
      mend: "Write `repeat(n) { … }` for a number of copies.",
    },
  },
  "input/unused": {
    severity: "error",
    message: ({ name }: { name: string }) => `Nothing reads the input ${name}.`,
    doc: {
      cause:
        "The stream begins with the first input, unless the first stage opens with `from`; another input is read only where a stage or a branch opens with its name.",
      mend: "Write `from NAME -> …` where it is to be read, or remove it.",
    },
  },
  "stage/unused": {
    severity: "error",
    message: ({ name }: { name: string }) => `Nothing uses the stage ${name}.`,
    doc: {
      cause: "The stage after it opens with `from`, or no output follows it.",
      mend: "Remove it, or make it an `output`.",
    },
  },
  "labels/text": {
    severity: "error",
    message: ({ path }: { path: string }) =>
      `"${visibleName(path)}" holds characters that no name has.`,
    doc: {
      cause: "The file of labels is no text in UTF-8, or has control characters.",
      mend: "Name a text file, saved as UTF-8, with one class name a row.",
    },
  },
  "labels/count": {
    severity: "error",
    message: ({ path, count, outputs }: { path: string; count: number; outputs: string }) =>
      `${visibleName(path)} has ${counted(count, "label")}; ${outputs}.`,
    doc: {
      cause: "The file of labels has another number of rows than an output has channels.",
      mend: "Take the file that belongs to the weights; one class a row, no blank rows between.",
    },
  },
});
