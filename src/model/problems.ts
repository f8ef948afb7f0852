/** Findings about shapes, placed in the spec. */
import type { Span } from "../diagnostics/diagnostic.js";
import { suggesting, type Mending } from "../diagnostics/mending.js";
import type { ShapeProblem } from "../ops/operator.js";
import { mostElements } from "../ops/rules.js";
import { elements, formatShape, type Shape } from "../ops/shape.js";
import type { Call } from "../syntax/ast.js";
import { rewritten } from "./match.js";
import { report } from "./site.js";
import type { Flowing } from "./spot.js";
import type { Site } from "./unit.js";

/** Places what an operator's rule found: at the argument that it names, else at the call. */
export function reportProblem(problem: ShapeProblem, call: Call, input: Flowing, site: Site): void {
  const { code, params, argument, label, write } = explained(problem, input);
  const given = call.args.find(({ name }) => argument !== undefined && name?.text === argument);
  const rows = code === "shape/linear-features" ? input.parts : undefined;
  const mending = write === undefined ? undefined : mend(call, write.argument, write.text);
  const help = [mending?.help, problem.help].filter((text) => text !== undefined).join(", or ");
  report(site, code, params, {
    span: given?.span ?? call.span,
    label,
    rows,
    help: help === "" ? undefined : help,
    suggestions: mending?.suggestions,
  });
}

/** `360448 = 352 x 32 x 32`, though what arrives is flat by now. */
function explained(problem: ShapeProblem, { image }: Flowing): ShapeProblem {
  if (problem.code !== "shape/linear-features" || image === undefined) return problem;
  if (elements(image) !== problem.params.got) return problem;
  return { ...problem, params: { ...problem.params, product: image.join(" x ") } };
}

/** Help and a suggestion that write the call with an argument: what it says is the user's to decide. */
export function mend(call: Call, argument: string, text: string): Mending {
  const { text: written, edit } = rewritten(call, argument, text);
  return suggesting(`write ${written}`, edit);
}

/** False, with a finding, where a tensor is larger than the emitted code can index. */
export function fits(what: string, shape: Shape, span: Span, site: Site): boolean {
  if (elements(shape) <= mostElements) return true;
  const params = { what, shape: formatShape(shape), limit: mostElements };
  report(site, "shape/too-large", params, { span });
  return false;
}
