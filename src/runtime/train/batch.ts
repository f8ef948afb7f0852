/** Reads what a step is given: inputs and targets of the right names, types, lengths and values. */
import { types } from "node:util";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visible } from "../../diagnostics/visible.js";
import { channels, elements, type Shape } from "../../ops/shape.js";
import type { Port } from "../addon.js";
import { Place } from "../check-options.js";
import { requireAttached } from "../memory.js";
import { describeType, unknownName } from "../wrong-call.js";
import { readTensor } from "../inputs.js";
import type { TrainedOutput } from "./losses.js";

/** What the targets of an output are. */
export interface TargetPort {
  readonly name: string;
  /** Of one image; empty for the label of a vector. */
  readonly shape: Shape;
  /** Class indices below this, or numbers. */
  readonly classes?: number;
  /** An index that stands for none. */
  readonly ignore?: number;
}

/** Memory of our own, by input and by output. */
export interface ReadBatch {
  readonly images: number;
  readonly inputs: ReadonlyMap<string, Float32Array>;
  readonly targets: ReadonlyMap<string, Float32Array | Int32Array>;
}

/** A batch of features, which stand behind a front in the place of inputs: ours, and never changed. */
export class FrontBatch implements ReadBatch {
  constructor(
    readonly images: number,
    readonly inputs: ReadBatch["inputs"],
    readonly targets: ReadBatch["targets"],
  ) {}
}

/** @param shape the targets' own, as the training program has it */
export function targetPort({ name, shape: of, loss }: TrainedOutput, shape: Shape): TargetPort {
  if (loss.kind !== "cross_entropy") return { name, shape };
  const { ignore } = loss;
  return { name, shape, classes: channels(of), ...(ignore === undefined ? {} : { ignore }) };
}

export class BatchReader {
  /**
   * @param untrained outputs that are not trained, for whom hands over their targets
   * @param most examples
   */
  constructor(
    private readonly inputs: readonly Port[],
    private readonly targets: readonly TargetPort[],
    private readonly untrained: readonly string[],
    private readonly most = Infinity,
  ) {}

  /**
   * Copies what a step is given: what is checked is what is computed, whatever becomes of the
   * caller's memory meanwhile.
   *
   * @param call as messages name it
   * @throws TypeError naming the input or target, what was expected and what came; RangeError for a
   *   label that is no class, with its place, and for more examples than fit
   */
  read(call: string, given: unknown): ReadBatch {
    const values = this.named(call, given);
    const inputs = this.inputs.map((port) => readTensor(call, port, values.get(port.name)));
    const targets = this.targets.map((port) => readTarget(call, port, values.get(port.name)));
    const ports = [...this.inputs, ...this.targets];
    const counts = [...inputs, ...targets].map(
      ({ length }, i) => length / elements(ports[i]!.shape),
    );
    const images = counts[0] ?? 0;
    const other = counts.findIndex((count) => count !== images);
    if (other !== -1) {
      throw new TypeError(
        `${call}: ${ports[other]!.name} holds a batch of ${counts[other]}, ${ports[0]!.name} one of ${images}.`,
      );
    }
    if (images > this.most) {
      throw new RangeError(
        `${call}: the batch has ${images} examples, and the trainer was made for at most ${this.most}; ` +
          "make it with a larger batch.",
      );
    }
    return {
      images,
      inputs: byName(
        this.inputs,
        inputs.map((values) => new Float32Array(values)),
      ),
      targets: byName(
        this.targets,
        targets.map((values, i) => ownTarget(call, this.targets[i]!, values)),
      ),
    };
  }

  private named(call: string, given: unknown): ReadonlyMap<string, unknown> {
    const names = [...this.inputs, ...this.targets].map(({ name }) => name);
    if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) {
      const example = names.map((name) => `${name}: …`).join(", ");
      throw new TypeError(`${call}: expected inputs and targets by name, { ${example} }.`);
    }
    for (const name of Object.keys(given)) {
      if (names.includes(name)) continue;
      if (!this.untrained.includes(name)) throw unknownName(call, "input or target", name, names);
      throw new TypeError(
        `${call}: ${name} is not trained and takes no targets; give it a loss when the trainer is made.`,
      );
    }
    return new Map(Object.entries(given));
  }
}

const byName = <T>(ports: readonly { readonly name: string }[], values: readonly T[]) =>
  new Map(ports.map(({ name }, i) => [name, values[i]!] as const));

type TargetArray = Float32Array | Int32Array | Uint8Array;

/** By what the value is and not by its class, as inputs are. */
function readTarget(
  call: string,
  { name, shape, classes }: TargetPort,
  value: unknown,
): TargetArray {
  if (value === undefined) throw new TypeError(`${call}: the targets of ${name} are missing.`);
  const isLabels = classes !== undefined;
  const right = isLabels
    ? types.isInt32Array(value) || (types.isUint8Array(value) && !Buffer.isBuffer(value))
    : types.isFloat32Array(value);
  if (!right) throw wrongType(call, name, isLabels, value);
  const place = new Place(call, name);
  const array = value as TargetArray;
  requireAttached(array, place);
  const count = elements(shape);
  if (array.length > 0 && array.length % count === 0) return array;
  const dense = shape.length > 1 ? ` (${shape.join(" x ")})` : "";
  const expected = shape.length === 0 ? "a class index an image" : `a multiple of ${count}${dense}`;
  throw place.wrongLength(`${array.length} values`, expected);
}

function wrongType(call: string, name: string, isLabels: boolean, value: unknown): TypeError {
  const expected = isLabels
    ? "class indices in an Int32Array (or Uint8Array)"
    : "numbers in a Float32Array";
  const hint = Buffer.isBuffer(value) && isLabels ? "; write new Uint8Array(b)" : "";
  return new TypeError(`${call}: ${name} is ${describeType(value)}, expected ${expected}${hint}.`);
}

/** What is checked is the copy. */
function ownTarget(
  call: string,
  { name, classes, ignore }: TargetPort,
  values: TargetArray,
): Float32Array | Int32Array {
  if (classes === undefined) return new Float32Array(values);
  const labels = new Int32Array(values);
  const wrong = labels.findIndex((label) => (label < 0 || label >= classes) && label !== ignore);
  if (wrong === -1) return labels;
  const besides = ignore === undefined ? "" : `, or ${ignore}`;
  throw new RangeError(
    `${call}: ${name}[${wrong}] is ${labels[wrong]}, expected a class index of 0 to ${classes - 1}${besides}.`,
  );
}

/**
 * A norm that measures one value a channel of an image has no variance to measure in a batch of one.
 *
 * @param steps those that do
 */
export function requireValues(call: string, images: number, steps: readonly string[]): void {
  if (images > 1 || steps.length === 0) return;
  throw new InceptError(
    "train/one-value",
    visible(
      `${call}: the batchnorm of ${steps[0]} measures one value a channel, and this batch has one ` +
        "example: there is no variance.",
    ),
    { help: "give two examples or more, or freeze its parameters (learningRates)" },
  );
}
