import { defineDiagnostics } from "../define.js";
import { visibleName } from "../visible.js";

/** A path as the spec has it. */
const quoted = (path: string): string => `"${visibleName(path)}"`;

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
  "name/unknown": {
    severity: "error",
    message: ({ what, name }: { what: string; name: string }) =>
      `There is no ${what} called ${name}.`,
    doc: {
      cause:
        "A name stands for nothing: no operator or module, no parameter or constant, no earlier stage.",
      mend: "Take the name that the message suggests, declare it, or import it.",
    },
  },
  "name/unsupported": {
    severity: "error",
    message: ({ what, name }: { what: string; name: string }) =>
      `The ${what} ${name} is not supported.`,
    doc: {
      cause:
        "An operator, or a word of an argument, is called as in PyTorch, Keras, TensorFlow, ONNX or Caffe, and the language has nothing of that name.",
      mend: "Write what the message says equals it. Where nothing does, the network cannot be written yet: something similar would compute other numbers from the same weights.",
    },
  },
  "name/duplicate": {
    severity: "error",
    message: ({ what, name }: { what: string; name: string }) => `Two ${what} are called ${name}.`,
    doc: {
      cause:
        "Two declarations, stages, branches or parameters of one place share a name. Nothing is shared between steps, so two parameters of one path are a slip.",
      mend: "Rename one of them; a step's parameters are renamed with `as`.",
    },
  },
  "name/shadows-operator": {
    severity: "error",
    message: ({ name }: { name: string }) => `The module ${name} has the name of an operator.`,
    doc: {
      cause: "A module is called like an operator, so that a reader could not tell the two apart.",
      mend: "Rename the module; modules usually begin with a capital letter.",
    },
  },
  "name/cycle": {
    severity: "error",
    message: ({ name }: { name: string }) => `The constant ${name} is defined by itself.`,
    doc: {
      cause: "Constants refer to one another in a circle, or in a chain of more than 100.",
      mend: "Give one of them a value of its own.",
    },
  },
  "name/from-in-module": {
    severity: "error",
    message: () => "A module knows nothing of the stages of the model that calls it.",
    doc: {
      cause: "`from` stands inside a module.",
      mend: "Open the stage or branch with `from` in the model, and pass its value through the module.",
    },
  },
  "name/path": {
    severity: "error",
    message: ({ path }: { path: string }) =>
      `${JSON.stringify(path)} cannot be the name of a parameter.`,
    doc: {
      cause:
        "The string after `as` has characters other than letters, digits, `_`, `-`, `/` and single dots between them.",
      mend: 'Write the name as the checkpoint has it, `as "features.0"`, or `as ""` for nothing.',
    },
  },
  "name/too-long": {
    severity: "error",
    message: ({ length, limit }: { length: number; limit: number }) =>
      `This name has ${length} characters, more than ${limit}.`,
    doc: { cause: "A name is longer than any reader could use.", mend: "Shorten it." },
  },
  "import/not-found": {
    severity: "error",
    message: ({ path, what }: { path: string; what: "spec" | "list of labels" }) =>
      `There is no ${what} at ${quoted(path)}.`,
    doc: {
      cause: "The file that `import` or `labels` names does not exist.",
      mend: "Write its path relative to the folder of this file.",
    },
  },
  "import/not-relative": {
    severity: "error",
    message: ({ path }: { path: string }) => `${quoted(path)} is not a relative path.`,
    doc: {
      cause: "`import` or `labels` names an absolute path or a URL.",
      mend: 'Write the path relative to the folder of this file: `import { Stem } from "stem.incept"`.',
    },
  },
  "import/outside": {
    severity: "error",
    message: ({ path, roots }: { path: string; roots: string }) =>
      `${quoted(path)} lies outside of ${roots}.`,
    doc: {
      cause:
        "`import` or `labels` names a file outside of the spec's project: of the folders around the spec the nearest with a `.git` or with workspaces, else the nearest with a package.json, else the spec's own; for a spec in node_modules, its package. Links are followed first.",
      mend: "Keep the file in the project, or allow its folder too: `--root DIR` on the command line, `root` in `loadModel`.",
    },
  },
  "import/unreadable": {
    severity: "error",
    message: ({ why }: { why: string }) => why,
    doc: {
      cause:
        "What `import` or `labels` names is a folder, a pipe or a device, is larger than a spec or a list of labels may be, or the system refuses to read it.",
      mend: "Name a regular file that can be read.",
    },
  },
  "import/cycle": {
    severity: "error",
    message: ({ path }: { path: string }) =>
      `${quoted(path)} imports this file, directly or through others.`,
    doc: {
      cause: "Files import one another in a circle.",
      mend: "Move what both need to a third file.",
    },
  },
  "import/syntax": {
    severity: "error",
    message: ({ path }: { path: string }) => `${quoted(path)} has syntax errors.`,
    doc: {
      cause: "The imported file is not in the language; its own findings are listed too.",
      mend: "Mend the imported file.",
    },
  },
  "import/too-deep": {
    severity: "error",
    message: ({ limit }: { limit: number }) =>
      `Files import files that import files, more than ${limit} one after another.`,
    doc: {
      cause: "A chain of imports is longer than any spec needs.",
      mend: "Import what is needed from where it is declared.",
    },
  },
});
