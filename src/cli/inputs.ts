import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import { suggest } from "../diagnostics/suggest.js";
import { visibleName } from "../diagnostics/visible.js";
import type { Shape } from "../ops/shape.js";
import { floatDtypes, isFloatDtype } from "../checkpoints/dtype.js";
import type { Checkpoint, CheckpointTensor } from "../checkpoints/checkpoint.js";
import { sizesText } from "../checkpoints/named-shape.js";
import { openSafetensors } from "../checkpoints/open.js";
import { say } from "./terminal.js";

interface Input {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * The network's input from a file: floats, or bytes taken as they are, with a leading batch. NaN
 * and infinities are computed with as they are, and warned of.
 *
 * @throws InceptError of `inputs/`, and what opening and reading a safetensors file throws
 */
export async function readInputs(
  path: string,
  input: Input,
): Promise<{ readonly values: Float32Array; readonly batch: number }> {
  const file = await openSafetensors(path);
  try {
    const batch = checkInputs(file, input);
    const values = await file.readFloat32(input.name);
    const odd = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
    if (odd > 0) {
      const what = counted(odd, "value that is not finite", "values that are not finite");
      say(`warning: ${file.name}: ${input.name} holds ${what}.`);
    }
    return { values, batch };
  } finally {
    await file.close();
  }
}

/** Gives the batch. Nothing but the header has been read. */
function checkInputs(file: Checkpoint, input: Input): number {
  for (const name of file.tensors.keys()) {
    if (name !== input.name) throw strayTensor(file.name, name, input.name);
  }
  const tensor = file.tensors.get(input.name);
  if (tensor === undefined) {
    throw new InceptError("inputs/missing", `${file.name} has no tensor ${input.name}.`);
  }
  const batch = batchOf(file.name, input, tensor);
  if (!isFloatDtype(tensor.dtype) && tensor.dtype !== "U8") {
    const is = `${file.name}: ${input.name} is ${visibleName(tensor.dtype)}`;
    throw new InceptError("inputs/dtype", `${is}, expected ${floatDtypes.join(", ")} or U8.`);
  }
  return batch;
}

function strayTensor(file: string, name: string, input: string): InceptError {
  const near = suggest(name, [input]) !== undefined;
  const hint = near ? `did you mean ${input}?` : `the network's input is ${input}.`;
  return new InceptError(
    "inputs/unknown",
    `${file}: there is no input ${visibleName(name)}; ${hint}`,
  );
}

function batchOf(file: string, { name, shape }: Input, tensor: CheckpointTensor): number {
  const [batch = 0, ...image] = tensor.shape;
  if (batch > 0 && image.length === shape.length && image.every((d, i) => d === shape[i])) {
    return batch;
  }
  throw new InceptError(
    "inputs/shape",
    `${file}: ${name} is ${sizesText(tensor.shape)}, expected [N, ${shape.join(", ")}] with N of at least 1.`,
    tensor.shape.length === shape.length ? { help: "add a leading batch dimension" } : {},
  );
}
