/** `concat`, `add`, `residual` and `repeat`. */
import { count, number } from "../ops/kinds.js";
import { channels, sameShape, type Shape } from "../ops/shape.js";
import { named, signature } from "../ops/signature.js";
import type { Traces } from "../ops/trace.js";
import type { Add, Branch, Concat, Repeat, Residual } from "../syntax/ast.js";
import { Claims } from "./claims.js";
import { bind, readAs } from "./evaluate.js";
import { failed, stepBase, type Outcome, type Walk } from "./expanded.js";
import {
  agree,
  branchNotes,
  reportBranches,
  reportResidual,
  type ExpandedBranch,
} from "./mismatch.js";
import type { NetBranch, NetChain } from "./network.js";
import { fits } from "./problems.js";
import { report } from "./site.js";
import { tracesOf, unknown, type Flowing } from "./flowing.js";
import { below, type Spot } from "./spot.js";
import { enteringLoop, joinedTraces, leavingLoop, traceOf } from "./traces.js";

interface BranchOutcome extends ExpandedBranch {
  readonly net?: NetBranch;
}

/** A second branch of one name has the first one's parameters: one finding is enough. */
const notExpanded = { start: unknown, chain: { steps: [], output: unknown } };

export function expandBranches(
  join: Concat | Add,
  input: Flowing,
  spot: Spot,
  walk: Walk,
): Outcome {
  const claims = new Claims("branches", spot);
  const expanded = join.branches.map((branch): BranchOutcome => {
    if (!claims.claim(branch.name)) return { branch, ...notExpanded };
    return { branch, ...expandBranch(branch, input, spot, walk) };
  });
  const nets = expanded.flatMap(({ net }) => (net === undefined ? [] : [net]));
  if (nets.length < expanded.length || input.shape === undefined) return failed;
  const shapes = nets.map(({ chain }) => chain.output);
  if (reportBranches(join, expanded, input.shape, spot, walk.patience)) return failed;
  const output = joined(join.kind, shapes);
  if (!fits(`result of ${join.kind}`, output, join.keyword, spot)) return failed;
  return {
    output: {
      shape: output,
      traces: joinedTraces(
        join.kind,
        expanded.map(({ chain }) => tracesOf(chain.output)),
      ),
      ...(join.kind === "concat" ? { parts: branchNotes(expanded) } : {}),
      made: {
        kind: "joined",
        inputs: expanded.map(({ chain }) => chain.output),
        join: (shapes) => (agree(join.kind, shapes) ? joined(join.kind, shapes) : undefined),
      },
    },
    net: {
      kind: join.kind,
      ...stepBase(join.keyword, input.shape, output, spot),
      branches: nets,
    },
  };
}

/** Channels add up in a concat, and stay in an add. */
const joined = (kind: "concat" | "add", shapes: readonly Shape[]): Shape => {
  const first = shapes[0]!;
  if (kind === "add") return first;
  return [shapes.reduce((sum, shape) => sum + channels(shape), 0), ...first.slice(1)];
};

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
    traces: joinedTraces("add", [tracesOf(input), tracesOf(body.output)]),
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
  const { varies } = traceOf(join.count, spot);
  let first: Traces | undefined;
  const nets: NetChain[] = [];
  let current = input;
  for (let copy = 0; copy < (copies?.value ?? 1); copy++) {
    const inside = below(spot, String(copy));
    const entering = first === undefined && varies ? enteringLoop(current) : current;
    const chain = walk.chain(join.body, entering, { ...inside, base: inside.parameters });
    if (varies) first ??= leavingLoop(input, entering, chain.output);
    current = { ...chain.output, ...(first === undefined ? {} : { traces: first }) };
    if (chain.net === undefined) return { output: copies === undefined ? unknown : current };
    nets.push(chain.net);
  }
  if (copies === undefined || input.shape === undefined || current.shape === undefined)
    return failed;
  return {
    output: current,
    net: {
      kind: "repeat",
      ...stepBase(join.keyword, input.shape, current.shape, spot),
      copies: nets,
      parameterPath: spot.parameters,
      countVaries: varies,
    },
  };
}
