import type { Linearity, Operator } from "../../ops/operator.js";
import { isImage } from "../../ops/shape.js";
import type { Call } from "../../syntax/ast.js";
import { bind } from "../values/evaluate.js";
import { failed, stepBase, type Outcome, type Walk } from "./expanded.js";
import type { NetParameter } from "../network.js";
import { fits, reportProblem } from "../mend/problems.js";
import { type Flowing, tracesOf } from "../flow/flowing.js";
import { dotted, type Spot } from "../flow/spot.js";
import { causesOf } from "../flow/traces.js";

/** One call of an operator: arguments read, shape and parameters known. */
export function expandOperator(
  operator: Operator,
  call: Call,
  input: Flowing,
  spot: Spot,
  walk: Walk,
): Outcome {
  const args = bind(call, operator.signature, spot);
  const { shape } = input;
  if (args === undefined || shape === undefined) return failed;
  const output = operator.shape(shape, args);
  if ("code" in output) {
    reportProblem(output, { call, operator, args, input }, spot, walk.patience);
    return failed;
  }
  if (!fits(`result of ${operator.name}`, output, call.span, spot)) return failed;
  const parameters = operator.parameters(shape, args).map((parameter) => ({
    ...parameter,
    name: dotted(spot.parameters, parameter.suffix),
  }));
  if (!claim(parameters, operator, call, spot, walk)) return failed;
  const causes = causesOf(call, operator, spot);
  const traced = { shape, traces: tracesOf(input) };
  const traces = operator.traces(traced, args, causes, output);
  const weights = operator.parameterTraces?.(traced, causes, traces);
  return {
    output: {
      ...carried(operator.linearity(args), input),
      shape: output,
      traces,
      made: { kind: "applied", call, operator, args, input },
    },
    window: operator.window?.(shape, args),
    net: {
      kind: "op",
      ...stepBase(call.span, shape, output, spot),
      call,
      operator,
      args,
      parameterPath: spot.parameters,
      parameters,
      parametersVary: parameters.map(
        (parameter) => weights?.dimensions(parameter).map(({ varies }) => varies) ?? [],
      ),
      presenceVaries: weights?.presence.varies ?? false,
    },
  };
}

/** What is known of the values that a linear map mixes ends with it. */
function carried(linearity: Linearity, { shape, parts, image }: Flowing): Partial<Flowing> {
  if (linearity === "linear" || linearity === "activated") return {};
  const last = shape !== undefined && isImage(shape) ? shape : image;
  return {
    ...(parts === undefined ? {} : { parts }),
    ...(last === undefined ? {} : { image: last }),
  };
}

function claim(
  parameters: readonly NetParameter[],
  operator: Operator,
  { span }: Call,
  spot: Spot,
  walk: Walk,
): boolean {
  for (const { name, suffix, shape } of parameters) {
    if (!fits(`${suffix} of ${operator.name}`, shape, span, spot)) return false;
    if (!walk.parameters.claim(name, span, spot)) return false;
  }
  return true;
}
