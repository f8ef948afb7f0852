/** Tensors that a file holds. */
import { isInteger, readIntegers } from "../../../checkpoints/onnx/integers.js";
import type { StoredTensor } from "../../../checkpoints/onnx/tensor.js";
import { readValues } from "../../../checkpoints/onnx/values.js";
import type { Pages } from "../../../checkpoints/pages.js";
import { damaged } from "../../../checkpoints/damage.js";
import { InceptError } from "../../../diagnostics/incept-error.js";
import { visibleName } from "../../../diagnostics/visible.js";
import { elements } from "../../../ops/shape.js";
import { mostKnown, Tensor } from "./tensor.js";

export interface FileOf {
  readonly pages: Pages;
  /** The model's, as the caller wrote it; absent for bytes in memory. */
  readonly path: string | undefined;
}

/** @param name as messages name it: its own where it has one */
export function storedTensor(file: FileOf, stored: StoredTensor, name: string): Tensor {
  const { pages, path } = file;
  const what = `${pages.name}: ${visibleName(name)}`;
  const size = elements(stored.shape);
  if (!Number.isSafeInteger(size))
    throw damaged(pages.name, `${visibleName(name)} has ${size} elements`);
  const integer = isInteger(stored);
  const kind = integer ? "integer" : "float";
  return new Tensor(name, stored.shape, kind, async () => {
    if (stored.isSparse) throw unreadable(what, "a sparse tensor");
    if (!integer) return readValues(pages, stored, what, path);
    if (size > mostKnown) throw unreadable(what, `a list of ${size} integers`);
    return readIntegers(pages, stored, what, path);
  });
}

const unreadable = (what: string, is: string): InceptError =>
  new InceptError("weights/unreadable", `${what} is ${is}.`, {
    help: "save the model with dense initializers of floats",
  });
