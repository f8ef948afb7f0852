import type { OnnxRole } from "../onnx.js";
import { perChannel } from "./per-channel.js";
import { type NodeReader, reads, refuse } from "./reader.js";

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
