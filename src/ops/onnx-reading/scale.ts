import type { OnnxRole } from "../onnx.js";
import { type Constant, type Dims, type NodeReader, reads, refuse, shortest } from "./reader.js";

/** x * scale + shift with one constant. Two such nodes, one after the other, are one `scale` too. */
export const scaleReaders = reads({
  Mul: besideConstant((c) => ({ scale: c, shift: [0] })),
  Add: besideConstant((c) => ({ scale: [1], shift: c })),
  Sum: besideConstant((c) => ({ scale: [1], shift: c })),
  Sub: besideConstant(
    (c) => ({ scale: [1], shift: c.map((value) => -value) }),
    (c) => ({ scale: [-1], shift: c }),
  ),
  Div: besideConstant(
    (c) => ({ scale: c.map((value) => 1 / value), shift: [0] }),
    () => refuse("divides by what is computed; here that is fixed"),
  ),
  Neg: (node) => {
    node.flowing(0);
    return { attrs: { scale: [-1], shift: [0] }, roles: ["input"] };
  },
});

interface Factors {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

type Of = (constant: readonly number[]) => Factors;

/**
 * @param right what it is where the constant is the second operand
 * @param left where it is the first; the same where the operands may change places
 */
function besideConstant(right: Of, left?: Of) {
  return (node: NodeReader) => {
    const places = Array.from({ length: node.count }, (_, i) => i);
    const at = places.find((i) => node.isConstant(i));
    if (at === undefined) return undefined;
    if (node.count !== 2)
      refuse(`has ${node.count} operands, a constant among them; here a constant goes with one`);
    const dims = node.flowing(1 - at);
    const of = at === 1 ? right : (left ?? right);
    const attrs = of(perChannel(node.constant(at), dims));
    const finite = [...attrs.scale, ...attrs.shift].every(Number.isFinite);
    if (!finite) refuse("has a constant that is no finite number, or divides by 0");
    const roles: readonly OnnxRole[] = at === 1 ? ["input", "attribute"] : ["attribute", "input"];
    return { attrs, roles };
  };
}

/** One number, or one for each channel: ONNX spreads a constant from its last dimension on. */
function perChannel({ shape, values }: Constant, dims: Dims | undefined): readonly number[] {
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
