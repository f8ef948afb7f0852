import { InceptError } from "../../diagnostics/incept-error.js";
import type { ModelFile } from "./decode/model.js";

/** Versions of ONNX's operators that are read. */
export const oldest = 7;
export const newest = 28;

/**
 * The version of ONNX's own operators that a file asks for.
 *
 * @param file as messages name it
 * @throws InceptError `onnx/opset` for one that is not known
 */
export function opsetOf(file: string, { opsets }: ModelFile): number {
  const opset = opsets.get("");
  const reads = `here versions ${oldest} to ${newest} are read`;
  if (opset === undefined) {
    throw new InceptError("onnx/opset", `${file} says no version of ONNX's operators.`, {
      help: reads,
    });
  }
  if (opset >= oldest && opset <= newest) return opset;
  const help =
    opset < oldest
      ? `${reads}: convert it with onnx.version_converter`
      : `${reads}: export it with a smaller opset_version`;
  throw new InceptError("onnx/opset", `${file} asks for version ${opset} of ONNX's operators.`, {
    help,
  });
}
