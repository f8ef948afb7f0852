import { refuse } from "../../../ops/onnx-reading/reader.js";
import type { Attribute, FileNode } from "../decode/model.js";
import { type FileOf, storedTensor } from "./stored.js";
import { Tensor } from "./tensor.js";

/** What a Constant is: one of several attributes. */
export function constantOf(node: FileNode, file: FileOf): Tensor {
  const name = node.outputs[0] ?? "";
  const held = [...node.attributes].filter(([key]) => key.startsWith("value"));
  const [[key, attribute] = refuse("says no value")] = held;
  if (held.length > 1) refuse("says several values");
  if (attribute.kind === "tensor")
    return storedTensor(file, attribute.value, attribute.value.name || name);
  const kind = /_ints?$/.test(key) ? "integer" : "float";
  const values = numbersOf(attribute);
  return Tensor.of(name, attribute.kind === "number" ? [] : [values.length], kind, values);
}

function numbersOf(attribute: Attribute): readonly number[] {
  if (attribute.kind === "number") return [attribute.value];
  return attribute.kind === "numbers" ? attribute.value : refuse("has no numbers as its value");
}
