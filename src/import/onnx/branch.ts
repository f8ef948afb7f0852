import type { CallOf } from "./call.js";
import { isNumber } from "./constants/element.js";
import { Tensor } from "./constants/tensor.js";
import type { FileNode, GraphFile } from "./decode/model.js";

/** What an If computes whose condition is known. */
export function branchOf(
  { branches }: FileNode,
  [condition]: CallOf["operands"],
): GraphFile | undefined {
  const [number] =
    condition instanceof Tensor && condition.size === 1 ? (condition.numbers ?? []) : [];
  if (branches === undefined || number === undefined || !isNumber(number)) return undefined;
  return number === 0 ? branches.whenFalse : branches.whenTrue;
}
