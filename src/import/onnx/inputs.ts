import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import { inputValue } from "../../graph/value.js";
import { mostElements } from "../../ops/rules.js";
import { elements } from "../../ops/shape.js";
import type { Port } from "./decode/model.js";
import { Flow } from "./flow/flow.js";

const floatTypes = [1, 10, 11, 16];

/**
 * What flows in at an input: an image or a vector for each of a batch.
 *
 * @param file as messages name it
 * @throws InceptError `onnx/input` for one of another kind, or whose size is open
 */
export function inputOf(file: string, { name, type, dims }: Port): Flow {
  const shown = visibleName(name);
  const bad = (what: string, help: string): InceptError =>
    new InceptError("onnx/input", `The input ${shown} of ${file} ${what}.`, { help });
  if (!floatTypes.includes(type)) {
    throw bad("is no tensor of floats", "export a network that takes floats");
  }
  if (dims === undefined) throw bad("says no shape", fixedSize);
  const said = `is ${dims.map((dim) => visibleName(`${dim}` || "?")).join(" x ")}`;
  const [batch, ...shape] = dims;
  const sides = shape.filter((side) => typeof side === "number");
  if (sides.length < shape.length) throw bad(`${said}: its size is open`, fixedSize);
  if (sides.length !== 1 && sides.length !== 3) {
    throw bad(said, "here it is batch x channels x height x width, or batch x features");
  }
  if (!sides.every(Number.isSafeInteger) || elements(sides) > mostElements) {
    throw bad(said, `here it has at most ${mostElements} elements`);
  }
  return Flow.natural(inputValue(name, sides), typeof batch === "number" ? batch : undefined);
}

const fixedSize =
  "export it for one size of picture: only the batch may be open (in PyTorch, of torch.onnx.export's dynamic_axes or dynamic_shapes name axis 0 alone)";
