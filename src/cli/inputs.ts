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

export interface ReadInputs {
  /** By the input's name. */
  readonly values: ReadonlyMap<string, Float32Array>;
  readonly batch: number;
}

/**
 * The network's inputs from a file: floats, or bytes taken as they are, each with a leading batch,
 * the same of all. NaN and infinities are computed with as they are, and warned of.
 *
 * @throws InceptError of `inputs/`, and what opening and reading a safetensors file throws
 */
export async function readInputs(path: string, inputs: readonly Input[]): Promise<ReadInputs> {
  const file = await openSafetensors(path);
  try {
    const batch = checkInputs(file, inputs);
    const values = new Map<string, Float32Array>();
    for (const { name } of inputs) values.set(name, await readValues(file, name));
    return { values, batch };
  } finally {
    await file.close();
  }
}

async function readValues(file: Checkpoint, name: string): Promise<Float32Array> {
  const values = await file.readFloat32(name);
  const odd = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (odd > 0) {
    const what = counted(odd, "value that is not finite", "values that are not finite");
    say(`warning: ${file.name}: ${name} holds ${what}.`);
  }
  return values;
}

/** Gives the batch. Nothing but the header has been read. */
function checkInputs(file: Checkpoint, inputs: readonly Input[]): number {
  const names = inputs.map(({ name }) => name);
  for (const name of file.tensors.keys()) {
    if (!names.includes(name)) throw strayTensor(file.name, name, names);
  }
  const batches = inputs.map((input) => checkInput(file, input));
  const [batch = 0] = batches;
  const other = batches.findIndex((each) => each !== batch);
  if (other === -1) return batch;
  const of = (i: number): string => `${batches[i]!} of ${names[i]!}`;
  throw new InceptError("inputs/shape", `${file.name} holds ${of(0)} and ${of(other)}.`, {
    help: "give as many examples of each input",
  });
}

function checkInput(file: Checkpoint, input: Input): number {
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

function strayTensor(file: string, name: string, inputs: readonly string[]): InceptError {
  const near = suggest(name, inputs);
  const are = inputs.length === 1 ? "input is" : "inputs are";
  const hint =
    near === undefined ? `the network's ${are} ${inputs.join(", ")}.` : `did you mean ${near}?`;
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
