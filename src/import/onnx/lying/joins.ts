/** Joins that are two primitives, or that lie otherwise than images do. */
import type { Value } from "../../../graph/value.js";
import type { NoAttrs } from "../../../ops/elementwise.js";
import { add } from "../../../ops/joins/add.js";
import { concat } from "../../../ops/joins/concat.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import { scale } from "../../../ops/scale.js";
import { type Call, shownFlow } from "../call.js";
import { axisOf } from "../constants/folding.js";
import {
  type Arrangement,
  type Dim,
  sameArrangement,
  sameDim,
  wholeAxis,
} from "../flow/arrangement.js";
import { Flow } from "../flow/flow.js";
import { requireOneBatch } from "../flow/primitive.js";

/** Along the channels, wherever they lie. */
export function readConcat(call: Call): Flow {
  const flows = call.operands.map((_, i) => call.flow(i));
  const [first = refuse("joins nothing")] = flows;
  requireOneBatch(flows);
  const axis = axisOf(call.reader.integer("axis"), first.arrangement.length);
  call.reader.nothingElse();
  const others = ({ arrangement }: Flow): Arrangement => arrangement.filter((_, i) => i !== axis);
  const depth = ({ value }: Flow): number => value.shape[0]!;
  for (const flow of flows) {
    const along: Dim = flow.arrangement[axis] ?? [];
    const alike = sameArrangement(others(flow), others(first));
    if (!alike || !sameDim(along, wholeAxis(1, depth(flow)))) {
      refuse(
        `joins ${shownFlow(first)} and ${shownFlow(flow)} along axis ${axis}; here that is along channels`,
      );
    }
  }
  const value = call.builder.node<NoAttrs>(
    concat,
    flows.map((flow) => flow.value),
    {},
    call.node,
  );
  const whole = wholeAxis(
    1,
    flows.reduce((sum, flow) => sum + depth(flow), 0),
  );
  return new Flow(
    value,
    first.arrangement.map((dim, i) => (i === axis ? whole : dim)),
  );
}

/** The sum, of which each has its share. */
export function readMean(call: Call): Flow {
  call.reader.nothingElse();
  const flows = naturals(call);
  const sum = added(
    call,
    flows.map(({ value }) => value),
  );
  const share = { scale: [1 / flows.length], shift: [0] };
  return Flow.natural(call.builder.node(scale, [sum], share, call.node), flows[0]?.batch);
}

/** The first and the second times -1. */
export function readSub(call: Call): Flow {
  call.reader.nothingElse();
  const [first, second] = naturals(call);
  if (first === undefined || second === undefined) return refuse("has one operand");
  const less = call.builder.node(scale, [second.value], { scale: [-1], shift: [0] }, call.node);
  return Flow.natural(added(call, [first.value, less]), first.batch);
}

function naturals(call: Call): readonly Flow[] {
  const flows = call.operands.map((_, i) => {
    const flow = call.flow(i);
    return (
      call.natural(flow) ?? refuse(`takes ${shownFlow(flow)}, which here is no image and no vector`)
    );
  });
  requireOneBatch(flows);
  return flows;
}

const added = ({ builder, node }: Call, values: readonly Value[]): Value =>
  builder.node(add, values, { scales: values.map(() => 1) }, node);
