/** Lists of tensors: PyTorch's exporter writes them where its optimizer is off. */
import { refuse } from "../../../ops/onnx-reading/reader.js";
import type { Call } from "../call.js";
import { isNumber } from "../constants/element.js";
import { axisOf } from "../constants/folding.js";
import { List, type Meaning } from "../meaning.js";
import { taken } from "./parts.js";

function parted(call: Call): List {
  const flow = call.flow(0);
  const axis = axisOf(call.reader.integer("axis", 0), flow.arrangement.length);
  const side = flow.dims[axis]!;
  if (!isNumber(side)) refuse("parts the batch");
  const isSaid = call.constants.has(1);
  const keeps = call.reader.flag("keepdims", 1) || isSaid;
  const counts = isSaid ? countsOf(call, side) : Array.from({ length: side }, () => 1);
  const name = call.node.outputs[0] ?? "";
  let from = 0;
  return new List(
    counts.map((count, i) => {
      const about = { ...call.node, outputs: [`${name}.${i}`] };
      const part = taken(call, flow, { axis, from, count }, about);
      from += count;
      return keeps ? part : part.as(part.arrangement.filter((_, d) => d !== axis));
    }),
  );
}

/** One number is how many each has, of which the last may have fewer. */
function countsOf(call: Call, side: number): readonly number[] {
  const said = call.constants.integers(1);
  const [each = 0] = said;
  if (call.constants.at(1).shape.length === 0) {
    if (each < 1) refuse(`has parts of ${each}`);
    const count = Math.ceil(side / each);
    return Array.from({ length: count }, (_, i) => Math.min(each, side - i * each));
  }
  const sum = said.reduce((so, count) => so + count, 0);
  if (sum !== side || said.some((count) => count < 1)) {
    refuse(`has parts of ${said.join(" + ")} of ${side}`);
  }
  return said;
}

function chosen(call: Call): Meaning {
  const [list] = call.operands;
  const [at = 0] = call.constants.integers(1);
  const items = list instanceof List ? list.items : refuse("takes no list of tensors");
  return items.at(at) ?? refuse(`takes number ${at} of a list of ${items.length}`);
}

export const lists: Readonly<Record<string, (call: Call) => Meaning>> = {
  SequenceAt: chosen,
  SplitToSequence: parted,
};
