/** Joins of branches, `residual` and `repeat`. */
import { count, natural, number } from "../../ops/kinds.js";
import { joinOf } from "../../ops/joins/joins.js";
import { agree, alike } from "../../ops/joins/rule.js";
import { sameShape } from "../../ops/shape.js";
import { named, noArguments, signature } from "../../ops/signature.js";
import type { Traces } from "../../ops/trace.js";
import type { Branch, Branches, Repeat, Residual } from "../../syntax/ast.js";
import { Claims } from "../scope/claims.js";
import { bind, readAs } from "../values/evaluate.js";
import { failed, stepBase, type Outcome, type Walk } from "./expanded.js";
import { branchNotes, reportBranches, reportResidual, type ExpandedBranch } from "./mismatch.js";
import type { NetBranch, NetChain } from "../network.js";
import { fits } from "../mend/problems.js";
import { report } from "../scope/site.js";
import { tracedOf, unknown, type Flowing } from "../flow/flowing.js";
import { below, type Spot } from "../flow/spot.js";
import { enteringLoop, leavingLoop, traceOf } from "../flow/traces.js";

interface BranchOutcome extends ExpandedBranch {
  readonly net?: NetBranch;
}

/** A second branch of one name has the first one's parameters: one finding is enough. */
const notExpanded = { start: unknown, chain: { steps: [], output: unknown } };

export function expandBranches(step: Branches, input: Flowing, spot: Spot, walk: Walk): Outcome {
  const { name, args, span } = step;
  const join = joinOf(name.text);
  const given = bind({ kind: "call", name, args, span }, noArguments, spot);
  const claims = new Claims("branches", spot);
  const expanded = step.branches.map((branch): BranchOutcome => {
    if (!claims.claim(branch.name)) return { branch, ...notExpanded };
    return { branch, ...expandBranch(branch, input, spot, walk) };
  });
  const nets = expanded.flatMap(({ net }) => (net === undefined ? [] : [net]));
  if (nets.length < expanded.length || input.shape === undefined) return failed;
  const shapes = nets.map(({ chain }) => chain.output);
  if (reportBranches(join, expanded, input.shape, spot, walk.patience)) return failed;
  const { rule } = join;
  const shape = rule.shape(shapes);
  if (!fits(`result of ${join.name}`, shape, name.span, spot)) return failed;
  const inputs = expanded.map(({ chain }) => chain.output);
  const output: Flowing = {
    shape,
    traces: rule.traces(inputs.map(tracedOf)),
    ...(join.sideBySide ? { parts: branchNotes(expanded) } : {}),
    made: {
      kind: "joined",
      inputs,
      join: (others) => (agree(rule, others) ? rule.shape(others) : undefined),
    },
  };
  // The shape is known even where an argument is wrong.
  if (given === undefined) return { output };
  const base = stepBase(name.span, input.shape, shape, spot);
  return { output, net: { kind: "join", join, ...base, branches: nets } };
}

function expandBranch(
  { name, doc, flow }: Branch,
  input: Flowing,
  spot: Spot,
  walk: Walk,
): Omit<BranchOutcome, "branch"> {
  const { from } = flow;
  const start = from === undefined ? input : opened(from, spot, walk);
  const inside = below(spot, name.text);
  const chain = walk.chain(flow.chain, start, inside);
  if (chain.net === undefined) return { start, chain };
  return {
    start,
    chain,
    net: {
      label: name.text,
      ...(doc === undefined ? {} : { doc }),
      path: inside.path,
      ...(from === undefined ? {} : { from: from.text }),
      chain: chain.net,
      span: name.span,
    },
  };
}

/** What `from` opens a branch with; a module cannot see any stage. */
function opened(from: NonNullable<Branch["flow"]["from"]>, spot: Spot, walk: Walk): Flowing {
  if (spot.inModel) return walk.earlier(from, spot);
  report(spot, "name/from-in-module", {}, { span: from.span });
  return unknown;
}

const residualSignature = signature({ scale: named(number(), 1, "Factor of the body's result.") });

/** x + scale * f(x) */
export function expandResidual(join: Residual, input: Flowing, spot: Spot, walk: Walk): Outcome {
  const { keyword, args } = join;
  const name = { text: "residual", span: keyword };
  const given = bind({ kind: "call", name, args, span: keyword }, residualSignature, spot);
  const body = walk.chain(join.body, input, spot);
  const { shape } = input;
  if (shape === undefined || body.output.shape === undefined) return failed;
  if (!sameShape(shape, body.output.shape)) {
    reportResidual(join, body, input, spot, walk.patience);
    return failed;
  }
  const output: Flowing = {
    shape,
    traces: alike.traces([tracedOf(input), tracedOf(body.output)]),
    made: {
      kind: "joined",
      inputs: [body.output, input],
      join: ([f, x]) => (f !== undefined && x !== undefined && sameShape(f, x) ? x : undefined),
    },
  };
  // The shape is known even where the scale is wrong.
  if (given === undefined || body.net === undefined) return { output };
  return {
    output,
    net: {
      kind: "residual",
      ...stepBase(keyword, shape, shape, spot),
      scale: given.scale,
      body: body.net,
    },
  };
}

/** Copies in a row, each with parameters of its own. */
export function expandRepeat(join: Repeat, input: Flowing, spot: Spot, walk: Walk): Outcome {
  const copies = readAs(join.count, count, { name: "count", callee: "repeat" }, spot);
  const start =
    join.first === undefined
      ? { value: 0 }
      : readAs(join.first, natural, { name: "from", callee: "repeat" }, spot);
  const { varies } = traceOf(join.count, spot);
  let first: Traces | undefined;
  const nets: NetChain[] = [];
  let current = input;
  for (let copy = 0; copy < (copies?.value ?? 1); copy++) {
    const inside = below(spot, String((start?.value ?? 0) + copy));
    const entering = first === undefined && varies ? enteringLoop(current) : current;
    const chain = walk.chain(join.body, entering, { ...inside, base: inside.parameters });
    if (varies) first ??= leavingLoop(input, entering, chain.output);
    current = { ...chain.output, ...(first === undefined ? {} : { traces: first }) };
    if (chain.net === undefined) return { output: copies === undefined ? unknown : current };
    nets.push(chain.net);
  }
  if (
    copies === undefined ||
    start === undefined ||
    input.shape === undefined ||
    current.shape === undefined
  )
    return failed;
  return {
    output: current,
    net: {
      kind: "repeat",
      ...stepBase(join.keyword, input.shape, current.shape, spot),
      copies: nets,
      first: start.value,
      parameterPath: spot.parameters,
      countVaries: varies || (join.first !== undefined && traceOf(join.first, spot).varies),
    },
  };
}
