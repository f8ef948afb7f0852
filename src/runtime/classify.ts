import { counted } from "../diagnostics/counted.js";
import { InceptError } from "../diagnostics/incept-error.js";
import type { ImageInput } from "../model/network.js";
import type { Shape } from "../ops/shape.js";

/** One class of an image, and how likely the network finds it. */
export interface Classification {
  readonly index: number;
  /** The class's name, or its index as text where there are no labels. */
  readonly label: string;
  /** 0 to 1. Those of all classes sum to 1, unless the network ends in sigmoids. */
  readonly probability: number;
}

/** The `top` likeliest classes, likeliest first, NaN last; equals keep the order of their indices. */
export function rank(
  probabilities: Float32Array,
  top: number,
  labels: readonly string[] | undefined,
): Classification[] {
  const order = Array.from(probabilities.keys());
  const value = (index: number): number => probabilities[index] ?? 0;
  const height = (index: number): number => (Number.isNaN(value(index)) ? -1 : value(index));
  order.sort((a, b) => height(b) - height(a) || a - b);
  return order.slice(0, top).map((index) => ({
    index,
    label: labels?.[index] ?? String(index),
    probability: value(index),
  }));
}

/** e^(x - max) / sum, so that large logits do not overflow. */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((x) => Math.exp(x - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / sum);
}

interface Port {
  readonly name: string;
  readonly shape: Shape;
}

interface Input extends Port {
  readonly image?: ImageInput;
}

/**
 * The input that a picture becomes, which has to be the only one.
 *
 * @throws InceptError `model/no-image` where there are others, or the spec does not say how
 */
export function requirePictureInput<I extends Input>(
  call: string,
  [input, ...others]: readonly [I, ...I[]],
): I & { readonly image: ImageInput } {
  if (others.length > 0) {
    const names = [input, ...others].map(({ name }) => name);
    throw new InceptError(
      "model/no-image",
      `${call}: the network has ${names.length} inputs, and pictures are for a network of one.`,
      { help: `give tensors to run: ${names.join(", ")}` },
    );
  }
  const { name, shape, image } = input;
  if (image !== undefined) return { ...input, image };
  throw new InceptError("model/no-image", `${call}: the spec does not say how to read images.`, {
    help: `write input ${name}: f32[${shape.join(", ")}] from image(...) in the spec`,
  });
}

/** @throws InceptError `model/no-classes` for an output with more than one pixel */
export function requireClasses(call: string, { name, shape }: Port): void {
  if (shape.slice(1).every((d) => d === 1)) return;
  const is = `the output ${name} is ${shape.join(" x ")}`;
  throw new InceptError("model/no-classes", `${call}: ${is}, not a vector of classes.`);
}

/** @throws InceptError `labels/count` unless there is a label for each class */
export function requireCount(call: string, labels: readonly string[], classes: number): void {
  if (labels.length === classes) return;
  const are = `there ${labels.length === 1 ? "is" : "are"} ${counted(labels.length, "label")}`;
  const text = `${call}: ${are} for ${counted(classes, "class", "classes")}.`;
  throw new InceptError("labels/count", text);
}
