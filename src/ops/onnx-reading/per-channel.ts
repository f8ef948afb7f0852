import { type Constant, type Dims, refuse, shortest } from "./reader.js";

/** One number, or one for each channel: ONNX spreads a constant from its last dimension on. */
export function perChannel({ shape, values }: Constant, dims: Dims | undefined): readonly number[] {
  const numbers = Array.from(values, shortest);
  if (numbers.length === 1 && (dims === undefined || shape.length <= dims.length)) return numbers;
  const rank = dims?.length;
  if (rank === undefined)
    refuse(`spreads ${shape.join(" x ")} over an input whose number of dimensions is not known`);
  const spread = [...Array.from({ length: Math.max(0, rank - shape.length) }, () => 1), ...shape];
  const isChannels = spread.length === rank && spread.every((d, i) => i === 1 || d === 1);
  if (!isChannels)
    refuse(`spreads ${shape.join(" x ")}; here it is one number, or one for each channel`);
  const channels = dims?.[1];
  if (channels !== undefined && channels !== numbers.length) {
    refuse(`has ${numbers.length} numbers for ${channels} channels`);
  }
  return numbers;
}
