/** Readers of what stands in several places of a manifest. */
import {
  dictionary,
  list,
  number,
  oneOf,
  optional,
  type Reader,
  record,
  text,
  whole,
  wrong,
} from "../files/json.js";
import type { Setting } from "../model/network.js";
import { mostElements } from "../ops/rules.js";
import { elements, type Shape } from "../ops/shape.js";
import type { ManifestParameter } from "./manifest-parameter.js";

/** More entries than any list of a manifest has. */
export const many = 1_000_000;

/** A field that early versions did not write, and what they meant. */
export const earlier =
  <T>(meant: T, read: Reader<T>): Reader<T> =>
  (value, place) =>
    value === undefined ? meant : read(value, place);

/** Of a model, port, stage, parameter or setting. */
export const name = text(10_000, {
  pattern: /^[\w./-]+$/,
  expected: "a name of letters, digits and _ . / -",
});

const shapeOf =
  (least: number): Reader<Shape> =>
  (value, place) => {
    const read = list(whole(1, mostElements), 8, least)(value, place);
    if (elements(read) <= mostElements) return read;
    throw wrong(value, place, `a shape of at most ${mostElements} elements`);
  };

export const shape = shapeOf(1);

/** Of what there may be one number an image of. */
export const shapeOrNone = shapeOf(0);

export const parameterFields: {
  readonly [K in keyof ManifestParameter]-?: Reader<ManifestParameter[K]>;
} = {
  name,
  shape,
  role: oneOf("weight", "bias", "gamma", "beta", "running_mean", "running_var"),
  fanIn: whole(0),
  initial: optional(number),
};

export const parameter = record<ManifestParameter>(parameterFields);

const setting: Reader<Setting> = (value, place) => {
  if (typeof value === "number") return number(value, place);
  if (typeof value === "boolean") return value;
  return record<{ height: number; width: number }>({ height: number, width: number })(value, place);
};

/** Values of a model's parameters. */
export const settings: Reader<Readonly<Record<string, Setting>>> = (value, place) =>
  Object.fromEntries(dictionary(name, setting, 1000)(value, place));
