/**
 * A network as two, where its first layers keep their values: a front, which gives the same of a
 * picture whenever it is asked, and a head, which learns.
 */
import { buildGraph } from "../graph/build.js";
import { parametersOf } from "../graph/graph.js";
import type { NetMember, Network, NetStep } from "../model/network.js";
import { subchains } from "../model/walk.js";
import { GraphBuilder } from "./builder.js";
import type { OutputLoss } from "./loss.js";
import { keepsStatistics } from "./training-graph.js";
import { trainingForm } from "./training-form.js";

export interface FrontOptions {
  /** What is trained; other outputs and heads belong to neither half. */
  readonly losses: readonly OutputLoss[];
  /** Names of parameters that keep their values. */
  readonly frozen: readonly string[];
}

/**
 * The path of the last step of the front, as late as can be: what is trained hangs on the input through
 * that step's value alone, and up to it nothing learns, measures the batch or draws random numbers.
 * Undefined where there is none, and for a network of several inputs.
 */
export function frontOf(network: Network, { losses, frozen }: FrontOptions): string | undefined {
  if (network.inputs.length > 1) return undefined;
  const places = network.members.flatMap((member, at) =>
    member.kind === "aux" ? [] : member.chain.steps.map((_, step) => ({ at, step })),
  );
  const place = places.findLast(
    ({ at, step }) =>
      isWhole(headAt(network, at, step, losses), losses) &&
      isStill(frontAt(network, at, step), frozen),
  );
  return place && network.members[place.at]!.chain.steps[place.step]!.path;
}

/** The network behind a step that `frontOf` has found: its input, by the input's name, is that step's value. */
export function headOf(network: Network, path: string, losses: readonly OutputLoss[]): Network {
  const at = network.members.findIndex(({ chain }) => indexOf(chain.steps, path) !== -1);
  const member = network.members[at];
  if (member === undefined)
    throw new RangeError(`No step of a stage or output has the path ${path}.`);
  return headAt(network, at, indexOf(member.chain.steps, path), losses);
}

const indexOf = (steps: readonly NetStep[], path: string): number =>
  steps.findIndex((step) => step.path === path);

/** The members up to a step, which is its output. */
function frontAt(network: Network, at: number, step: number): Network {
  const last = network.members[at]!;
  const steps = last.chain.steps.slice(0, step + 1);
  const cut: NetMember = {
    ...{ ...last, kind: "output" },
    chain: { ...last.chain, steps, output: steps.at(-1)!.output },
  };
  const before = network.members.slice(0, at).filter(({ kind }) => kind === "stage");
  return { ...network, members: [...before, cut] };
}

/** The rest of that step's member, which may be nothing, and what stands behind. */
function headAt(
  network: Network,
  at: number,
  step: number,
  losses: readonly OutputLoss[],
): Network {
  const { inputs, members } = network;
  const { name, span } = inputs[0];
  const first = members[at]!;
  const { output: shape } = first.chain.steps[step]!;
  const chain = { ...first.chain, input: shape, steps: first.chain.steps.slice(step + 1) };
  const isTrained = (member: NetMember): boolean =>
    member.kind === "stage" || losses.some(({ output }) => output === member.name);
  return {
    ...network,
    inputs: [{ name, span, shape, varies: shape.map(() => false) }],
    members: [{ ...first, from: name, chain }, ...members.slice(at + 1).filter(isTrained)],
  };
}

/** Whether all that is trained is there, and reads nothing from before it. */
function isWhole({ inputs: [input], members }: Network, losses: readonly OutputLoss[]): boolean {
  const known = new Set([input.name]);
  for (const [i, member] of members.entries()) {
    // What reads the network's own input reads it before the front.
    const sources = [...(i === 0 ? [] : [member.from]), ...branchSources(member.chain.steps)];
    if (sources.some((name) => name === input.name || !known.has(name))) return false;
    known.add(member.name);
  }
  return losses.every(({ output }) => known.has(output));
}

/** What branches of joins begin with, where they say so. */
const branchSources = (steps: readonly NetStep[]): readonly string[] =>
  steps.flatMap((step) => {
    const own = step.kind === "join" ? step.branches.flatMap(({ from }) => from ?? []) : [];
    return [...own, ...subchains(step).flatMap((chain) => branchSources(chain.steps))];
  });

/** Whether training would find of it what inference finds. */
function isStill(front: Network, frozen: readonly string[]): boolean {
  const graph = buildGraph(front);
  const kept = new Set(frozen);
  const learned = parametersOf(graph).filter(({ kind }) => kind === "parameter");
  if (!learned.every(({ name }) => kept.has(name))) return false;
  const b = new GraphBuilder(graph.nodes.flatMap(({ outputs }) => outputs));
  trainingForm(graph, b, (node) => keepsStatistics(node, ({ name }) => kept.has(name)));
  return b.updates.length === 0 && !b.usesRandom;
}
