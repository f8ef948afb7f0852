import { InceptError } from "../../../diagnostics/incept-error.js";
import type { ModelFile } from "../decode/model.js";
import { newest } from "./table.js";

/** The oldest version of ONNX's operators that is read. */
const oldest = 7;

/**
 * The version of ONNX's own operators that a file asks for. Whether an operator is known in it each
 * operator's definitions say.
 *
 * @param file as messages name it
 * @throws InceptError `onnx/opset` for none, or one before the oldest that is read
 */
export function opsetOf(file: string, { opsets }: ModelFile): number {
  const opset = opsets.get("");
  if (opset !== undefined && opset >= oldest) return opset;
  const what =
    opset === undefined
      ? "says no version of ONNX's operators"
      : `asks for version ${opset} of ONNX's operators`;
  const help = `versions ${oldest} to ${newest} are read: convert it with onnx.version_converter`;
  throw new InceptError("onnx/opset", `${file} ${what}.`, { help });
}
