/**
 * Steps that stand in several places with other numbers become a module: those first that save most
 * text, then what repeats in what is left, the bodies of modules included.
 */
import { moduleOf } from "./module-of.js";
import { apart, candidates, stepsOf, type Stretch } from "./stretches.js";
import type { Style } from "./style.js";
import { type CallStep, type Chain, innerChains, type Module, type Step } from "./tree.js";

/** Modules of modules; each round leaves less. */
const mostRounds = 12;

/** What stands in the place of some steps. */
interface Change {
  readonly stretch: Stretch;
  readonly call: CallStep;
}

/** The modules, in the order in which they were found; the chains call them. */
export function extractModules(chains: readonly Chain[], style: Style): readonly Module[] {
  const modules: Module[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const bodies = modules.map(({ body }) => body);
    const found = extractOnce([...chains, ...bodies], new Set(bodies), style);
    if (found.length === 0) break;
    // Each has a name of its own while texts are compared.
    found.forEach((module, i) => (module.name = `Module${modules.length + i}`));
    modules.push(...found);
  }
  return modules;
}

function extractOnce(
  roots: readonly Chain[],
  bodies: ReadonlySet<Chain>,
  style: Style,
): readonly Module[] {
  const groups = candidates(roots.flatMap(allChains), bodies, style);
  const changed = new Map<Chain, Change[]>();
  const gone = new Set<Chain>();
  const modules: Module[] = [];
  for (const group of groups) {
    // What lies inside others is looked at again when those are modules.
    if (group.some(({ chain }) => gone.has(chain))) continue;
    const live = apart(group).filter(
      (stretch) =>
        !(changed.get(stretch.chain) ?? []).some((other) => overlaps(stretch, other.stretch)) &&
        !stepsOf(stretch).some((step) =>
          innerChains(step).some((inner) => touched(inner, changed)),
        ),
    );
    const made = live.length < 2 ? undefined : moduleOf(live);
    if (made === undefined) continue;
    modules.push(made.module);
    live.forEach((stretch, i) => {
      const calls = changed.get(stretch.chain) ?? [];
      calls.push({ stretch, call: made.calls[i]! });
      changed.set(stretch.chain, calls);
      for (const step of stepsOf(stretch))
        innerChains(step)
          .flatMap(allChains)
          .forEach((chain) => gone.add(chain));
    });
  }
  for (const [chain, calls] of changed) chain.steps = replaced(chain.steps, calls);
  return modules;
}

const allChains = (chain: Chain): readonly Chain[] => [
  chain,
  ...chain.steps.flatMap((step) => innerChains(step).flatMap(allChains)),
];

const touched = (chain: Chain, changed: ReadonlyMap<Chain, unknown>): boolean =>
  allChains(chain).some((each) => changed.has(each));

const overlaps = (a: Stretch, b: Stretch): boolean => a.start < b.end && b.start < a.end;

function replaced(steps: readonly Step[], calls: readonly Change[]): readonly Step[] {
  const byStart = new Map(calls.map(({ stretch, call }) => [stretch.start, { stretch, call }]));
  const result: Step[] = [];
  for (let i = 0; i < steps.length; i++) {
    const found = byStart.get(i);
    result.push(found === undefined ? steps[i]! : found.call);
    if (found !== undefined) i = found.stretch.end - 1;
  }
  return result;
}
