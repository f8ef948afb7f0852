import { counted } from "../../diagnostics/counted.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { ParameterSpec } from "../../ops/operator.js";

/** Values of a tensor that no trained network has. */
export interface OddValues {
  /** The tensor, by its name in the checkpoint. */
  readonly tensor: string;
  readonly nan: number;
  /** Of them, doubles beyond what f32 holds. */
  readonly infinite: number;
  /** Below 0, where the tensor is a running variance: its root is taken. */
  readonly negative: number;
}

/** Counts the values that make a network's results NaN; undefined where there are none. */
export function oddValues(
  tensor: string,
  role: ParameterSpec["role"],
  values: Float32Array,
): OddValues | undefined {
  const variance = role === "running_var";
  if (!variance && areFinite(values)) return undefined;
  let [nan, infinite, negative] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else if (variance && value < 0) negative++;
  }
  return nan + infinite + negative === 0 ? undefined : { tensor, nan, infinite, negative };
}

/**
 * Four sums of zeros, which only NaN and infinities spoil: nobody waits for a comparison of each of
 * millions of values.
 */
function areFinite(values: Float32Array): boolean {
  const fours = values.length - (values.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < fours; i += 4) {
    a += values[i]! * 0;
    b += values[i + 1]! * 0;
    c += values[i + 2]! * 0;
    d += values[i + 3]! * 0;
  }
  for (let i = fours; i < values.length; i++) a += values[i]! * 0;
  return a + b + c + d === 0;
}

/** `3 NaN, 1 infinite`, `2 negative variances` */
export function oddText({ nan, infinite, negative }: OddValues): string {
  const parts = [
    ...(nan > 0 ? [`${nan} NaN`] : []),
    ...(infinite > 0 ? [`${infinite} infinite`] : []),
    ...(negative > 0 ? [counted(negative, "negative variance")] : []),
  ];
  return parts.join(", ");
}

/** `w.safetensors holds values that no network computes with: stem.0.weight (3 NaN), …` */
export function oddSummary(file: string, odd: readonly OddValues[]): string {
  const some = odd.slice(0, 3).map((one) => `${visibleName(one.tensor)} (${oddText(one)})`);
  const more = odd.length > some.length ? `, and ${odd.length - some.length} more` : "";
  return `${file} holds values that give no results: ${some.join(", ")}${more}`;
}
