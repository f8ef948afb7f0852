/** Norms of channels that lie last, and of groups of channels. */
import { groupnorm } from "../../../ops/groupnorm.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import { scale } from "../../../ops/scale.js";
import type { Value } from "../../../graph/value.js";
import { type Call, shownFlow } from "../call.js";
import { isNumber } from "../constants/element.js";
import { Tensor } from "../constants/tensor.js";
import { isBatch, sameDim, wholeAxis } from "../flow/arrangement.js";
import { Flow } from "../flow/flow.js";
import { emit, reads, storedBeside } from "../flow/primitive.js";

/** Over the last dimension, where that is the channels: of each pixel, wherever the pixels lie. */
export function readLastNorm(call: Call): Flow {
  const flow = call.flow(0);
  const [channels = 0] = flow.value.shape;
  const axis = call.reader.integer("axis", -1);
  const isLast = axis === -1 || axis === flow.arrangement.length - 1;
  if (!isLast || !sameDim(flow.arrangement.at(-1)!, wholeAxis(1, channels))) {
    refuse(`is taken over the last dimensions of ${shownFlow(flow)}; here that is over channels`);
  }
  // Each pixel is a vector to it.
  const row = { shape: [undefined, channels] };
  const reading = reads(call, [row, ...storedBeside(call)], { axis: 1 });
  return new Flow(emit(call, reading, call.operands), flow.arrangement);
}

/** A row for each group: PyTorch's group norm, the factors and offsets of which come behind it. */
export function readGroups(call: Call): Flow {
  const flow = call.flow(0);
  const [images = [], rows = []] = flow.arrangement;
  const [channels = 0] = flow.value.shape;
  const [stretch = { axis: 1, size: 1, stride: channels }] = rows;
  const { axis, size: groups = 0, stride } = stretch;
  const isRow = rows.length <= 1 && axis === 1 && groups * stride === channels;
  if (images.length !== 1 || !isBatch(images[0]!) || !isRow) {
    refuse(`takes ${shownFlow(flow)}; here its rows are groups of channels`);
  }
  const eps = call.reader.float("epsilon", 1e-5);
  call.reader.nothingElse();
  return new Flow(grouped(call, flow.value, { groups, eps }), flow.arrangement);
}

/** With a factor and an offset a group, as before version 21 of ONNX's operators. */
export function readOldGroupNorm(call: Call): Flow {
  if (call.opset >= 21) refuse("has other operands than it is known to have");
  const flow = call.natural(call.flow(0)) ?? refuse(`takes ${shownFlow(call.flow(0))}`);
  const eps = call.reader.float("epsilon", 1e-5);
  const groups = call.reader.integer("num_groups");
  call.reader.only("stash_type", 1, "here it is 1");
  call.reader.nothingElse();
  return new Flow(grouped(call, flow.value, { groups, eps }), flow.arrangement);
}

interface Groups {
  readonly groups: number;
  readonly eps: number;
}

function grouped(call: Call, value: Value, { groups, eps }: Groups): Value {
  if (!(eps > 0)) refuse(`has epsilon ${eps}; here it is above 0`);
  const [factors, offsets] = [eachGroup(call, 1, groups), eachGroup(call, 2, groups)];
  const attrs = { groups, eps, scale: false, shift: false };
  const normal = call.builder.node(groupnorm, [value], attrs, call.node);
  const isPlain = factors.every((each) => each === 1) && offsets.every((each) => each === 0);
  if (isPlain) return normal;
  const each = value.shape[0]! / groups;
  const spread = (numbers: readonly number[]): readonly number[] =>
    numbers.flatMap((number) => Array.from({ length: each }, () => number));
  return call.builder.node(
    scale,
    [normal],
    { scale: spread(factors), shift: spread(offsets) },
    call.node,
  );
}

function eachGroup(call: Call, index: number, groups: number): readonly number[] {
  const operand = call.operands[index];
  const numbers = operand instanceof Tensor ? operand.numbers : undefined;
  const known = numbers?.filter(isNumber) ?? [];
  return known.length === groups ? known : refuse(`has no number for each of ${groups} groups`);
}
