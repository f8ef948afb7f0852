import { count, listOf, type Reader, text } from "../check-options.js";
import type { ImageSource } from "../image/picture.js";

/**
 * Labelled pictures, read one by one: what `imageFolder`, `cifar10` and the others give, and what
 * `fit` and `evaluate` take beside data of one's own. Nothing of it changes while it is read.
 */
export interface Pictures {
  readonly size: number;
  /** How many classes there are: labels lie below. */
  readonly classes: number;
  /** The classes' names by index, where the data have names. */
  readonly labels?: readonly string[];
  /** The class of a picture, by its index of 0 to `size - 1`. */
  label(index: number): number;
  /** As `tensor` and `classify` take it: a path, bytes, or pixels. */
  picture(index: number): ImageSource | Promise<ImageSource>;
  /** What a message calls it: `photos/cat/3.jpg`, `train.bin[17]`. */
  name(index: number): string;
}

export const isPictures = (value: unknown): value is Pictures =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Partial<Pictures>).picture === "function";

/** What somebody says are pictures, as they say it. */
export const picturesReader: Reader<Pictures> = (value, place) => {
  const given = value as Pictures;
  for (const method of ["label", "name"] as const) {
    const is = (given as unknown as Readonly<Record<string, unknown>>)[method];
    if (typeof is !== "function") throw place.part(method).wrongType(is, "a function of an index");
  }
  count(0)(given.size, place.part("size"));
  count(1)(given.classes, place.part("classes"));
  if (given.labels !== undefined) {
    const { length } = listOf(text, "a list of names")(given.labels, place.part("labels"));
    const expected = `a name for each of ${given.classes} classes`;
    if (length !== given.classes)
      throw place.part("labels").wrongLength(`${length} names`, expected);
  }
  return given;
};
