import { suggest } from "../diagnostics/suggest.js";
import { elements, type Shape } from "../ops/shape.js";
import type { NativePort } from "./addon.js";

export interface CheckedInputs {
  readonly batch: number;
  /** In the order of the network's inputs. */
  readonly data: readonly Float32Array[];
}

/**
 * Checks what a caller handed to `run` and infers the batch from the lengths.
 *
 * @param call how messages name the call: `GoogLeNet.run`
 * @throws TypeError naming the input, what was expected and what came
 */
export function checkInputs(
  call: string,
  ports: readonly NativePort[],
  given: unknown,
): CheckedInputs {
  const names = ports.map((port) => port.name);
  if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) {
    const example = names.map((name) => `${name}: …`).join(", ");
    throw new TypeError(`${call}: expected the inputs by name, { ${example} }.`);
  }
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) throw unknownInput(call, name, names);
  }
  const values = new Map<string, unknown>(Object.entries(given));
  const data = ports.map((port) => toFloat32(call, port, values.get(port.name)));
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

function toFloat32(call: string, port: NativePort, value: unknown): Float32Array {
  if (value === undefined) throw new TypeError(`${call}: the input ${port.name} is missing.`);
  if (!(value instanceof Float32Array || value instanceof Uint8Array)) {
    throw new TypeError(
      `${call}: ${port.name} is ${describeType(value)}, expected a Float32Array (or Uint8Array).`,
    );
  }
  const count = elements(port.shape);
  if (value.length === 0 || value.length % count !== 0) {
    throw new TypeError(
      `${call}: ${port.name} holds ${value.length} values, expected a multiple of ${count} (${spelled(port.shape)}).`,
    );
  }
  return value instanceof Float32Array ? value : Float32Array.from(value);
}

const spelled = (shape: Shape): string => shape.join(" x ");

function unknownInput(call: string, name: string, names: readonly string[]): TypeError {
  const near = suggest(name, names);
  const hint = near === undefined ? `it has ${names.join(", ")}` : `did you mean ${near}?`;
  const end = hint.endsWith("?") ? "" : ".";
  return new TypeError(`${call}: there is no input ${name}; ${hint}${end}`);
}

function describeType(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return `a ${typeof value}`;
  const name = value.constructor?.name ?? "object";
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}
