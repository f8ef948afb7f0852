import { types } from "node:util";
import { elements, type Shape } from "../ops/shape.js";
import type { Port } from "./addon.js";
import { Place } from "./check-options.js";
import { requireAttached } from "./memory.js";
import { describeType, unknownName } from "./wrong-call.js";

/** Inputs of the right names, types and lengths, still in the caller's memory. */
export interface CheckedInputs {
  readonly batch: number;
  /** In the order of the network's inputs. */
  readonly data: readonly (Float32Array | Uint8Array)[];
}

/**
 * Checks what a caller handed to `run` and infers the batch from the lengths.
 *
 * @param call how messages name the call: `GoogLeNet.run`
 * @throws TypeError naming the input, what was expected and what came
 */
export function checkInputs(call: string, ports: readonly Port[], given: unknown): CheckedInputs {
  const names = ports.map((port) => port.name);
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) {
    const example = names.map((name) => `${name}: …`).join(", ");
    throw new TypeError(`${call}: expected the inputs by name, { ${example} }.`);
  }
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw unknownName(call, "input", name, names);
  }
  const values = new Map<string, unknown>(Object.entries(given));
  const data = ports.map((port) => readTensor(call, port, values.get(port.name)));
  const batches = ports.map((port, i) => (data[i]?.length ?? 0) / elements(port.shape));
  const batch = batches[0] ?? 0;
  const other = batches.findIndex((n) => n !== batch);
  if (other !== -1) {
    throw new TypeError(
      `${call}: ${names[other]} holds a batch of ${batches[other]}, ${names[0]} one of ${batch}.`,
    );
  }
  return { batch, data };
}

/**
 * The values for a call that ends before its caller goes on: copied only where they are bytes, or
 * where another thread may change them meanwhile.
 */
export const borrowed = (data: CheckedInputs["data"]): readonly Float32Array[] =>
  data.map((values) =>
    types.isFloat32Array(values) && !types.isSharedArrayBuffer(values.buffer)
      ? values
      : new Float32Array(values),
  );

/**
 * The values of one input. By what they are and not by their class: a vm context, and so Jest, has
 * classes of its own.
 *
 * @throws TypeError naming the input, what was expected and what came
 */
export function readTensor(call: string, port: Port, value: unknown): Float32Array | Uint8Array {
  const { name } = port;
  if (value === undefined) throw new TypeError(`${call}: the input ${name} is missing.`);
  if (Buffer.isBuffer(value)) throw aBuffer(call, name);
  if (!types.isFloat32Array(value) && !types.isUint8Array(value)) {
    throw new TypeError(
      `${call}: ${name} is ${describeType(value)}, expected a Float32Array (or Uint8Array).`,
    );
  }
  const count = elements(port.shape);
  const place = new Place(call, name);
  requireAttached(value, place);
  if (value.length === 0 || value.length % count !== 0) {
    const expected = `a multiple of ${count} (${spelled(port.shape)})`;
    throw place.wrongLength(`${value.length} values`, expected);
  }
  return value;
}

/** Four bytes may be one value or four: a length that fits says nothing about which. */
const aBuffer = (call: string, name: string): TypeError =>
  new TypeError(
    `${call}: ${name} is a Buffer, whose bytes may be f32 values or u8 values; write ` +
      "new Float32Array(b.buffer, b.byteOffset, b.length / 4) or new Uint8Array(b).",
  );

const spelled = (shape: Shape): string => shape.join(" x ");
