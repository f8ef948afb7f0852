import type { OnnxReading } from "../onnx.js";
import { alone, type NodeReader, refuse, shortest } from "./reader.js";

/** What an activation has beside its name: the number that shapes it, of those that have one. */
export interface ActivationAttrs {
  readonly alpha?: number;
}

export type ActivationReader = (node: NodeReader) => OnnxReading<ActivationAttrs> | undefined;

/**
 * A node whose attributes can only be these.
 *
 * @param absent what ONNX takes for those that a node leaves out; else the same
 */
export const having = (
  attributes: Readonly<Record<string, number>>,
  absent = attributes,
): ActivationReader =>
  alone((node) => {
    for (const [name, wanted] of Object.entries(attributes)) {
      const value = node.float(name, absent[name]!);
      if (value !== shortest(wanted)) {
        refuse(`has ${name} ${value}; here it is ${shortest(wanted)}`);
      }
    }
    return {};
  });

/** A node with its number in `alpha`. */
export const withAlpha = (absent: number): ActivationReader =>
  alone((node) => {
    const alpha = node.float("alpha", absent);
    if (alpha < 0) refuse(`has alpha ${alpha}; here it is at least 0`);
    return { alpha };
  });

/** The exact form of Gelu, or the one of tanh. */
export const geluForm = (approximate: "none" | "tanh"): ActivationReader => {
  const read = alone(() => ({}));
  return (node) => {
    const form = node.text("approximate", "none");
    if (form !== "none" && form !== "tanh")
      refuse(`has approximate ${form}; here it is none or tanh`);
    return form === approximate ? read(node) : undefined;
  };
};

/** A Clip to these bounds: another one is another activation, or none. */
export const clipped =
  (low: number, high: number): ActivationReader =>
  (node) => {
    node.flowing(0);
    const bound = (operand: number, name: string, absent: number): number => {
      if (node.opset < 11) return node.float(name, absent);
      return node.has(operand) ? node.scalar(operand) : absent;
    };
    const [least, most] = [bound(1, "min", -widest), bound(2, "max", widest)];
    if (least === low && Math.min(most, widest) === Math.min(high, widest)) {
      return { attrs: {}, roles: ["input", "attribute", "attribute"] };
    }
    const known = least === 0 && (most >= widest || most === 6);
    if (known) return undefined;
    refuse(`cuts off at ${shown(least)} and ${shown(most)}; here that is at 0, or at 0 and 6`);
  };

/** The largest number of f32, which ONNX takes for a bound that is left out. */
const widest = 3.4e38;

const shown = (bound: number): string =>
  Math.abs(bound) >= widest ? "nothing" : `${shortest(bound)}`;
