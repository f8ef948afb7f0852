/**
 * Steps that stand in several places with other numbers become a module: those first that save most
 * text, then what repeats in what is left, the bodies of modules included.
 */
import { flatText } from "./layout.js";
import { placeOf } from "./hints.js";
import { holesOf } from "./leaves.js";
import { type Params, paramsOf } from "./params.js";
import { stretchesOf } from "./phrases.js";
import { Skeletons } from "./skeletons.js";
import type { Style } from "./style.js";
import type { CallStep, Chain, Module, Step } from "./tree.js";
import { innerChains } from "./tree.js";

/** Some steps of a chain, one after the other. */
interface Stretch {
  readonly chain: Chain;
  readonly start: number;
  readonly end: number;
}

const mostRounds = 12;
/** Characters that a module has to save, and what its frame costs. */
const worthwhile = 80;
/** The same for layers in a row, whose numbers people want to see. */
const worthwhileRow = 100;
const mostRowParams = 4;
const frame = 14;
const mostParams = 9;

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
  const changed = new Map<Chain, { readonly stretch: Stretch; readonly call: CallStep }[]>();
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

const stepsOf = ({ chain, start, end }: Stretch): readonly Step[] => chain.steps.slice(start, end);

const overlaps = (a: Stretch, b: Stretch): boolean => a.start < b.end && b.start < a.end;

/** Stretches of one skeleton, those first that would save most. */
function candidates(
  chains: readonly Chain[],
  bodies: ReadonlySet<Chain>,
  style: Style,
): readonly (readonly Stretch[])[] {
  const skeletons = new Skeletons();
  const groups = new Map<string, Stretch[]>();
  for (const chain of chains) {
    for (const { start, end } of stretchesOf(chain.steps, style, skeletons)) {
      if (bodies.has(chain) && end - start === chain.steps.length) continue;
      const key = chain.steps
        .slice(start, end)
        .map((step) => skeletons.of(step))
        .join();
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ chain, start, end }]);
      else group.push({ chain, start, end });
    }
  }
  const worth = [...groups.values()].flatMap((group) => {
    const saved = (group.length - 1) * textOf(group[0]!).length;
    return saved > worthwhile ? [{ group, saved, row: Number(isRow(group[0]!)) }] : [];
  });
  // Blocks first, then rows of layers; of each what saves most.
  return worth.sort((a, b) => a.row - b.row || b.saved - a.saved).map(({ group }) => group);
}

const textOf = (stretch: Stretch): string => flatText({ steps: stepsOf(stretch) });

const isRow = (stretch: Stretch): boolean => stepsOf(stretch).every(isCall);

const isCall = (step: Step): step is CallStep => step.kind === "call";

/** One convolution, and a pool or an activation before it: a name would hide more than it says. */
const isThin = (stretch: Stretch): boolean =>
  stepsOf(stretch)
    .filter(isCall)
    .filter(({ name, module }) => module !== undefined || /conv|depthwise|norm/.test(name)).length <
  2;

/** Those that do not lie over one another. */
function apart(group: readonly Stretch[]): readonly Stretch[] {
  const ends = new Map<Chain, number>();
  return group.filter(({ chain, start, end }) => {
    if (start < (ends.get(chain) ?? 0)) return false;
    ends.set(chain, end);
    return true;
  });
}

function moduleOf(
  group: readonly Stretch[],
): { module: Module; calls: readonly CallStep[] } | undefined {
  const rows = group.map((stretch) => holesOf(stepsOf(stretch)));
  const params = paramsOf(
    rows,
    group.map(({ start }) => start === 0),
  );
  if (params === undefined || params.names.length > mostParams) return undefined;
  const [first] = group as readonly [Stretch];
  const row = isRow(first);
  if (row && (params.names.length > mostRowParams || isThin(first))) return undefined;
  if (saved(group, params) < (row ? worthwhileRow : worthwhile)) return undefined;
  const hints = group.map((stretch) => placeOf(stepsOf(stretch)));
  const module: Module = {
    name: "",
    params: params.names,
    roles: params.roles,
    body: { steps: stepsOf(first) },
    hints,
  };
  const calls = group.map((stretch, i): CallStep => {
    const { entering, hint } = stretch.chain.steps[stretch.start]!;
    const args = params.calls[i]!.map((value) => ({ value }));
    return { kind: "call", name: "", module, args, entering, hint };
  });
  rows[0]!.forEach(({ leaf }, i) => (leaf.text = params.texts[i]!));
  return { module, calls };
}

/** Characters, with a name of ten for the module. */
function saved(group: readonly Stretch[], { names, calls }: Params): number {
  const written = group.reduce((sum, stretch) => sum + textOf(stretch).length, 0);
  const called = calls.reduce(
    (sum, args) => sum + 10 + args.reduce((all, { text }) => all + text.length + 2, 0),
    0,
  );
  return written - called - textOf(group[0]!).length - frame - 3 * names.length;
}

function replaced(
  steps: readonly Step[],
  calls: readonly { readonly stretch: Stretch; readonly call: CallStep }[],
): readonly Step[] {
  const byStart = new Map(calls.map(({ stretch, call }) => [stretch.start, { stretch, call }]));
  const result: Step[] = [];
  for (let i = 0; i < steps.length; i++) {
    const found = byStart.get(i);
    result.push(found === undefined ? steps[i]! : found.call);
    if (found !== undefined) i = found.stretch.end - 1;
  }
  return result;
}
