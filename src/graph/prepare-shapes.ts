import { elements, formatShape, sameShape, type Shape } from "../ops/shape.js";
import type { ConcatRows, FoldBatchNorm, PrepareStep, Tensor } from "./graph.js";

/** The shapes of a step's results by name, or why its inputs do not fit together. */
export const prepareShapes = (step: PrepareStep): Readonly<Record<string, Shape>> | string =>
  step.kind === "concat-rows" ? concatRows(step) : foldBatchNorm(step);

function concatRows({ inputs, shapes }: ConcatRows): Readonly<Record<string, Shape>> | string {
  if (inputs.length !== shapes.length) return "concat-rows needs one shape an input";
  for (const [i, input] of inputs.entries()) {
    if (input !== undefined && !sameShape(input.shape, shapes[i]!)) {
      return `${input.name} is ${formatShape(input.shape)} but should be ${formatShape(shapes[i]!)}`;
    }
  }
  const rest = shapes[0]!.slice(1);
  const odd = shapes.find((shape) => !sameShape(shape.slice(1), rest));
  if (odd !== undefined) return `rows of ${formatShape(odd)} do not stack with the others`;
  return { rows: [shapes.reduce((sum, shape) => sum + shape[0]!, 0), ...rest] };
}

function foldBatchNorm({ inputs }: FoldBatchNorm): Readonly<Record<string, Shape>> | string {
  const { weight, ...perChannel } = inputs;
  const channels = weight.shape[0]!;
  const odd = Object.values(perChannel).find(
    (tensor: Tensor) => elements(tensor.shape) !== channels,
  );
  if (odd !== undefined) return `${odd.name} should hold ${channels} values`;
  return { weight: weight.shape, bias: [channels] };
}
