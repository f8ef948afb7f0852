/**
 * Reads a `manifest.json`, which may be damaged or somebody's attack: whatever the runtime uses has
 * its type and its bounds afterwards. It needs nothing of the compiler.
 */
import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { unprintable } from "../diagnostics/visible.js";
import { shownPath } from "../files/display.js";
import { digest, sha256 } from "../files/digest.js";
import {
  flag,
  list,
  number,
  oneOf,
  optional,
  parseJson,
  type Reader,
  record,
  text,
  whole,
  wrong,
  WrongJson,
} from "../files/json.js";
import type { ImageInput } from "../model/network.js";
import { mostElements } from "../ops/rules.js";
import { sameShape, type Shape } from "../ops/shape.js";
import type { Manifest, ManifestInput, ManifestProgram } from "./manifest.js";
import type { ManifestOutput } from "./outputs.js";
import { earlier, many, name, parameter, settings, shape } from "./manifest-readers.js";
import { training, trainingDefaults } from "./parse-training.js";

/** Labels of the largest list take a few megabytes. */
export const maxManifestBytes = 1 << 25;
/** Beyond what machine code for every GPU takes. */
export const maxBinaryBytes = 2 ** 31;

/**
 * @param file as messages name it
 * @throws InceptError `artefact/manifest`, which names the field, what it is and what it should be
 */
export function parseManifest(file: string, text: string): Manifest {
  try {
    return parseJson(text, manifest);
  } catch (cause) {
    if (!(cause instanceof WrongJson)) throw cause;
    throw new InceptError("artefact/manifest", `${shownPath(file)} ${cause.message}.`, {
      help: "build the network again: inceptc build SPEC",
      cause,
    });
  }
}

const oneRow =
  (most: number): Reader<string> =>
  (value, place) => {
    const read = text(most)(value, place);
    if (!unprintable.test(read)) return read;
    throw wrong(value, place, "a string without control characters");
  };

/** Joined to the folder's path, it leads nowhere else. */
const fileName = text(200, {
  pattern: /^(?!\.)[\w.-]+$/,
  expected: "the name of a file in the manifest's folder",
});

const port = record<{ readonly name: string; readonly shape: Shape }>({ name, shape });

const pixels = whole(1, mostElements);
const colours = list(number, 3, 1);

const image = record<ImageInput>({
  size: (value, place) => list(pixels, 2, 2)(value, place) as ImageInput["size"],
  fit: oneOf("crop", "stretch"),
  resize: optional(pixels),
  interpolation: oneOf("nearest", "bilinear", "bicubic"),
  order: oneOf("rgb", "bgr", "luma"),
  range: number,
  mean: colours,
  std: colours,
});

/** Pictures are decoded straight into the input's memory. */
const input: Reader<ManifestInput> = (value, place) => {
  const read = record<ManifestInput>({ name, shape, image: optional(image) })(value, place);
  if (read.image === undefined) return read;
  const { size, fit, resize, order, mean, std } = read.image;
  const channels = order === "luma" ? 1 : 3;
  if (!sameShape(read.shape, [channels, ...size])) {
    const expected = `height and width of an input with ${counted(channels, "channel")}`;
    throw wrong(size, `${place}.image.size`, expected);
  }
  for (const [of, numbers] of Object.entries({ mean, std })) {
    if (numbers.length === channels) continue;
    throw wrong(numbers, `${place}.image.${of}`, `a list of ${channels}`);
  }
  const least = Math.max(...size);
  const enough = resize === undefined ? fit === "stretch" : resize >= least;
  if (enough) return read;
  throw wrong(resize, `${place}.image.resize`, `at least ${least}, as the size is`);
};

/** A manifest used to say only whether an output's last step was a softmax. */
const output: Reader<ManifestOutput> = (value, place) => {
  type Written = Omit<ManifestOutput, "classes"> &
    Partial<Pick<ManifestOutput, "classes">> & { readonly softmax?: boolean };
  const { softmax, classes, ...others } = record<Written>({
    name,
    shape,
    kind: oneOf("output", "aux", "tap"),
    classes: optional(oneOf("distribution", "independent", "logits")),
    softmax: optional(flag),
  })(value, place);
  return { ...others, classes: classes ?? (softmax === true ? "distribution" : "logits") };
};

const program = record<ManifestProgram>({
  level: oneRow(100),
  flags: list(oneRow(1000), 1000),
  arenaBytes: whole(0),
  weightBytes: whole(0),
  kernels: whole(0),
  convolutions: whole(0),
});

const manifest = record<Manifest>({
  model: name,
  doc: optional(text(1 << 20)),
  compiler: oneRow(100),
  target: oneOf("cpu", "cuda", "cuda-sim"),
  level: oneRow(1000),
  flags: list(oneRow(1000), 1000),
  precision: oneOf("f32", "tf32", "f16", "bf16"),
  maxBatch: whole(1, 4096),
  passes: flag,
  algebra: earlier(false, flag),
  strict: earlier(false, flag),
  without: earlier([], list(name, 1000)),
  force: earlier([], list(oneRow(200), 1000)),
  settings,
  inputs: (value, place) => list(input, many, 1)(value, place) as Manifest["inputs"] & object,
  outputs: list(output, many, 1),
  parameters: list(parameter, many),
  labels: optional(list(text(10_000), many)),
  stages: list(port, many),
  aux: list(name, many),
  train: optional(trainingDefaults),
  training: optional(training),
  arenaBytes: whole(0),
  weightBytes: whole(0),
  kernels: whole(0),
  convolutions: whole(0),
  programs: optional(list(program, 10, 1)),
  sources: list(record<Manifest["sources"][number]>({ path: text(10_000), sha256 }), many),
  binary: fileName,
  binaryDigest: optional(digest),
});
