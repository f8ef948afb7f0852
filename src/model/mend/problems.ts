/** Findings about shapes, placed in the spec. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { ShapeProblem } from "../../ops/operator.js";
import { mostElements } from "../../ops/rules.js";
import { channels, elements, formatShape, isImage, plane, sameShape } from "../../ops/shape.js";
import type { Shape } from "../../ops/shape.js";
import type { Applied, Flowing } from "../flow/flowing.js";
import { oneLine } from "./rewrite.js";
import { alternatives, mend, mendingOf, rowOf } from "./say.js";
import { findChange, type Goal, type Patience } from "./search.js";
import { report } from "../scope/site.js";
import type { Spot } from "../flow/spot.js";
import type { Site } from "../scope/unit.js";

type Refused = Omit<Applied, "kind">;

/** Places what an operator's rule found: at the argument that it names, else at the call. */
export function reportProblem(
  problem: ShapeProblem,
  step: Refused,
  spot: Spot,
  patience: Patience,
): void {
  const { call, operator, input } = step;
  const { code, params, argument, label, write } = explained(problem, input);
  const given = call.args.find(({ name }) => argument !== undefined && name?.text === argument);
  const { span } = given ?? call;
  // Which stages a head fits is known once there are all.
  if (code === "shape/empty" && spot.head !== undefined) {
    spot.head((help) =>
      report(spot, code, params, {
        span,
        ...alternatives([{ help }, { help: problem.help }]),
      }),
    );
    return;
  }
  const goal = goalOf(problem, step);
  const change = goal === undefined ? undefined : findChange(input, goal, patience);
  const rows = [
    ...(addsUp(problem, input) ? (input.parts ?? []) : []),
    ...(change === undefined ? [] : rowOf(change, span)),
  ];
  report(spot, code, params, {
    span,
    label,
    rows,
    ...alternatives([
      change && mendingOf(change, span),
      write && mend(call, operator, { [write.argument]: write.text }),
      { help: advice(problem, step) },
    ]),
  });
}

/** What else helps: the rule's own words, or what a person would know who sees the steps before. */
function advice({ code, help }: ShapeProblem, { operator, input }: Refused): string | undefined {
  if (code === "shape/rank") return flattener(input);
  if (code !== "shape/empty") return help;
  const onePixel = input.shape !== undefined && sameShape(plane(input.shape), [1, 1]);
  const isPool = poolNames.includes(operator.name);
  if (isPool && onePixel) return `leave ${operator.name} out: one pixel is left already`;
  return operator.name === "avgpool" ? `${help}, or globalavgpool, which takes any size` : help;
}

const poolNames = ["avgpool", "maxpool"];

/** Names the step that made a vector of the image. */
function flattener({ made }: Flowing): string | undefined {
  let step = made;
  while (step?.kind === "applied") {
    const { input, operator, call } = step;
    if (input.shape !== undefined && isImage(input.shape)) {
      const written = oneLine(call.span);
      return operator.name === "flatten"
        ? "leave flatten out before it: linear flattens by itself"
        : `move it before ${written}, which gives a vector`;
    }
    step = input.made;
  }
  return undefined;
}

/** What the steps before should have given. */
function goalOf(problem: ShapeProblem, { operator, args, input }: Refused): Goal | undefined {
  const { code, wanted } = problem;
  const { shape } = input;
  if (shape === undefined) return undefined;
  const fits = (given: Shape): boolean => !("code" in operator.shape(given, args));
  if (wanted !== undefined) return { fits, ...channelsOnly(shape, wanted) };
  // A number of features that was written down long ago: nobody remembers a stride by it.
  if (code === "shape/linear-features") return { fits, effort: 0 };
  if (code !== "shape/empty") return undefined;
  // A window that was to take all there is, as `avgpool(7x7/1)`, would fit in one place.
  const onePlace = (given: Shape): boolean => {
    const output = operator.shape(given, args);
    return !("code" in output) && sameShape(plane(output), [1, 1]);
  };
  return { fits: onePlace, effort: 0 };
}

/** The channels that are wanted, where all else is right. */
export const channelsOnly = (shape: Shape, wanted: Shape): Pick<Goal, "channels"> =>
  isImage(shape) === isImage(wanted) && sameShape(plane(shape), plane(wanted))
    ? { channels: { count: channels(wanted) } }
    : {};

/** Whether the branches of the last concat explain the finding: their channels add up to it. */
const addsUp = ({ code, wanted }: ShapeProblem, { shape }: Flowing): boolean =>
  code === "shape/linear-features" ||
  (wanted !== undefined && shape !== undefined && "channels" in channelsOnly(shape, wanted));

/** `360448 = 352 x 32 x 32`, though what arrives is flat by now. */
function explained(problem: ShapeProblem, { image }: Flowing): ShapeProblem {
  if (problem.code !== "shape/linear-features" || image === undefined) return problem;
  if (elements(image) !== problem.params.got) return problem;
  return { ...problem, params: { ...problem.params, product: image.join(" x ") } };
}

/** False, with a finding, where a tensor is larger than the emitted code can index. */
export function fits(what: string, shape: Shape, span: Span, site: Site): boolean {
  if (elements(shape) <= mostElements) return true;
  const params = { what, shape: formatShape(shape), limit: mostElements };
  report(site, "shape/too-large", params, { span });
  return false;
}
