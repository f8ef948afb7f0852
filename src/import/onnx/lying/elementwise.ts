/** What looks at each element alone does the same however a tensor lies. */
import type { StoredOperand } from "../../../ops/onnx.js";
import { activationNames } from "../../../ops/activations.js";
import { dropout } from "../../../ops/dropout.js";
import { add } from "../../../ops/joins/add.js";
import { max } from "../../../ops/joins/max.js";
import { mul } from "../../../ops/joins/mul.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import { scale } from "../../../ops/scale.js";
import { elements } from "../../../ops/shape.js";
import { type Call, shownFlow } from "../call.js";
import type { Meaning } from "../meaning.js";
import { isNumber } from "../constants/element.js";
import { Tensor } from "../constants/tensor.js";
import { type Arrangement, type Dim, sameDim, sizeOf } from "../flow/arrangement.js";
import { Flow } from "../flow/flow.js";
import { emit, reads } from "../flow/primitive.js";

const names = new Set<string>([
  ...activationNames,
  ...[add, mul, max, scale, dropout].map(({ name }) => name),
]);

/** Reads the node over the values under its operands, of which the largest says how the result lies. */
export function readElementwise(call: Call): Flow {
  const flows = call.operands.filter((operand) => operand instanceof Flow);
  const lead = flows.reduce((most, flow) => (places(flow) > places(most) ? flow : most));
  const odd = flows.find((flow) => !liesAlike(flow.arrangement, lead.arrangement));
  if (odd !== undefined)
    refuse(`joins ${shownFlow(odd)} and ${shownFlow(lead)}, which lie otherwise`);
  const reading = reads(
    call,
    call.operands.map((operand) => underneath(operand, lead)),
  );
  if (!names.has(reading.primitive.name)) {
    refuse(`takes ${shownFlow(lead)}, which here is no image and no vector`);
  }
  return new Flow(emit(call, reading, call.operands), lead.arrangement);
}

const places = ({ value }: Flow): number => elements(value.shape);

/** Whether one is spread over another at most: the last dimensions face one another. */
function liesAlike(arrangement: Arrangement, lead: Arrangement): boolean {
  const missing = lead.length - arrangement.length;
  if (missing < 0) return false;
  return arrangement.every((dim, i) => dim.length === 0 || sameDim(dim, lead[i + missing]!));
}

function underneath(operand: Meaning | undefined, lead: Flow): StoredOperand | undefined {
  if (operand instanceof Flow) return { shape: [operand.batch, ...operand.value.shape] };
  if (!(operand instanceof Tensor)) return undefined;
  // It would give the result dimensions that the flow does not have.
  if (operand.shape.length > lead.arrangement.length) {
    refuse(`spreads ${shownFlow(lead)} over ${operand.shape.length} dimensions`);
  }
  if (operand.size === 1 && operand.numbers !== undefined) {
    return { shape: [], values: operand.numbers.map((one) => (isNumber(one) ? one : NaN)) };
  }
  const numbers = perChannel(operand, lead);
  return { shape: [numbers.length, ...lead.value.shape.slice(1).map(() => 1)], values: numbers };
}

/** The numbers of a constant for each channel of the value under a tensor that it is spread over. */
export function perChannel(constant: Tensor, { arrangement, value }: Flow): readonly number[] {
  const { numbers, shape } = constant;
  const missing = arrangement.length - shape.length;
  const dims = shape.map((side, i) => ({ side, dim: arrangement[i + missing] ?? [] }));
  const fits = dims.every(
    ({ side, dim }) => side === 1 || (side === sizeOf(dim) && dim.every(isChannels)),
  );
  if (numbers === undefined || missing < 0 || !fits) {
    refuse(`spreads ${shape.join(" x ")}; here it is one number, or one for each channel`);
  }
  return Array.from({ length: value.shape[0]! }, (_, channel) => {
    const at = dims.reduce(
      (so, { side, dim }) => so * side + (side === 1 ? 0 : placeOf(dim, channel)),
      0,
    );
    const element = numbers[at]!;
    return isNumber(element) ? element : NaN;
  });
}

const isChannels = ({ axis }: Dim[number]): boolean => axis === 1;

/** Along a dimension of channels alone. */
const placeOf = (dim: Dim, channel: number): number =>
  dim.reduce((so, { size = 1, stride }) => so * size + (Math.floor(channel / stride) % size), 0);
