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
