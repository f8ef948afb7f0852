import type { Operator } from "../ops/operator.js";
import type { Call } from "../syntax/ast.js";
import { bind } from "./evaluate.js";
import { failed, stepBase, type Outcome } from "./expanded.js";
import type { NetParameter } from "./network.js";
import type { ParameterNames } from "./parameter-names.js";
import { fits, reportProblem } from "./problems.js";
import { dotted, type Flowing, type Spot } from "./spot.js";

/** One call of an operator: arguments read, shape and parameters known. */
export function expandOperator(
  operator: Operator,
  call: Call,
  input: Flowing,
  spot: Spot,
  names: ParameterNames,
): Outcome {
  const args = bind(call, operator.signature, spot);
  const { shape } = input;
  if (args === undefined || shape === undefined) return failed;
  const output = operator.shape(shape, args);
  if ("code" in output) {
    reportProblem(output, call, input, spot);
    return failed;
  }
  if (!fits(`result of ${operator.name}`, output, call.span, spot)) return failed;
  const parameters = operator.parameters(shape, args).map((parameter) => ({
    ...parameter,
    name: dotted(spot.parameters, parameter.suffix),
  }));
  if (!claim(parameters, operator, call, spot, names)) return failed;
  return {
    output: { ...input, shape: output },
    window: operator.window?.(shape, args),
    net: {
      kind: "op",
      ...stepBase(call.span, shape, output, spot),
      operator,
      args,
      parameterPath: spot.parameters,
      parameters,
    },
  };
}

function claim(
  parameters: readonly NetParameter[],
  operator: Operator,
  { span }: Call,
  spot: Spot,
  names: ParameterNames,
): boolean {
  for (const { name, suffix, shape } of parameters) {
    if (!fits(`${suffix} of ${operator.name}`, shape, span, spot)) return false;
    names.claim(name, span, spot);
  }
  return true;
}
