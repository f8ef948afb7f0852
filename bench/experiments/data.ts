/** The pictures of an experiment: a share of what lies at a path, by a seed. */
import { openTestData } from "../../src/cli/labelled.js";
import { openData, type Pictures, split } from "../../src/index.js";

export interface ExperimentData {
  readonly train: Pictures;
  readonly validation: Pictures;
  readonly channels: number;
  /** Of a square picture, in pixels. */
  readonly side: number;
  readonly classes: number;
}

export interface DataOptions {
  readonly data: string;
  readonly validate?: string;
  /** How many to learn from, and to judge by, at most. */
  readonly pictures: number;
  readonly judged: number;
}

/** @throws InceptError of `data/` or `file/`; Error where pictures are no raw square pixels */
export async function experimentData(options: DataOptions): Promise<ExperimentData> {
  const { data, validate } = options;
  // A file of its own is wholly for judging, and nothing of the other is held back.
  const opened = await openData(data, validate === undefined ? {} : { validation: 0 });
  const validation = validate === undefined ? opened.validation : await openTestData(validate);
  if (validation === undefined) throw new Error("There are no pictures to judge by: --validate.");
  const train = some(opened.train, options.pictures);
  const first = await train.picture(0);
  const isRaw = typeof first === "object" && "channels" in first && first.channels !== undefined;
  if (!isRaw || first.width !== first.height) {
    throw new Error("The experiment takes raw square pictures: MNIST, CIFAR and the like.");
  }
  return {
    ...{ train, validation: some(validation, options.judged) },
    ...{ channels: first.channels, side: first.width, classes: train.classes },
  };
}

/** As many of each class as of another. */
const some = (pictures: Pictures, count: number): Pictures =>
  count >= pictures.size
    ? pictures
    : split(pictures, { validation: count / pictures.size, seed: 1 }).validation;
