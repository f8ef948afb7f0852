/** Means, sums and largest values over height, width or both, wherever they lie. */
import type { Value } from "../../../graph/value.js";
import { adaptiveAvgPool } from "../../../ops/adaptive-pool.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import type { PoolAttrs } from "../../../ops/pool-attrs.js";
import { avgPool, maxPool } from "../../../ops/pool2d.js";
import { scale } from "../../../ops/scale.js";
import { elements, plane } from "../../../ops/shape.js";
import { noPads, type Pair } from "../../../ops/window.js";
import { type Call, shownFlow } from "../call.js";
import { listOf } from "../constants/folding.js";
import { reducedAxes } from "../constants/folds/made.js";
import { sameDim, wholeAxis } from "../flow/arrangement.js";
import { Flow } from "../flow/flow.js";

export function readReduce(call: Call): Flow {
  const { reader, constants, node } = call;
  const flow = call.flow(0);
  const { value, arrangement } = flow;
  const axes = reducedAxes(
    listOf(reader, constants, 1, "axes"),
    reader.flag("noop_with_empty_axes"),
    arrangement.length,
  );
  const keeps = reader.flag("keepdims", 1);
  reader.nothingElse();
  const [height, width] = plane(value.shape);
  const gone = axes.flatMap((axis) => arrangement[axis]!);
  const takes = (axis: number, side: number): boolean =>
    sameDim(
      gone.filter((stretch) => stretch.axis === axis),
      wholeAxis(axis, side),
    );
  const [over, along] = [takes(2, height), takes(3, width)];
  if (!gone.every(({ axis }) => axis > 1) || value.shape.length !== 3) {
    refuse(
      `is taken over ${axes.join(", ")} of ${shownFlow(flow)}; here that is over height and width`,
    );
  }
  const window: Pair = [over ? height : 1, along ? width : 1];
  const taken = gone.reduce((product, { size = 1 }) => product * size, 1);
  if (elements(window) !== taken) refuse("takes a part of height or width");
  const left = keeps
    ? arrangement.map((dim, axis) => (axes.includes(axis) ? [] : dim))
    : arrangement.filter((_, axis) => !axes.includes(axis));
  return new Flow(pooled(call, value, window, node.opType), left);
}

function pooled({ builder, node }: Call, value: Value, window: Pair, opType: string): Value {
  const [height, width] = plane(value.shape);
  const attrs: PoolAttrs = {
    kernel: window,
    stride: [1, 1],
    pads: noPads,
    ceil: false,
    countPad: true,
  };
  if (opType === "ReduceMax") return builder.node(maxPool, [value], attrs, node);
  const isWhole = window[0] === height && window[1] === width;
  const mean = isWhole
    ? builder.node(adaptiveAvgPool, [value], { size: [1, 1] }, node)
    : builder.node(avgPool, [value], attrs, node);
  if (opType === "ReduceMean") return mean;
  return builder.node(scale, [mean], { scale: [elements(window)], shift: [0] }, node);
}
