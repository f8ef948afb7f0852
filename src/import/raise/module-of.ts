/** One module of steps of one skeleton, where it saves enough text. */
import { placeOf } from "./hints.js";
import { holesOf } from "./leaves.js";
import { type Params, paramsOf } from "./params.js";
import { isRow, stepsOf, type Stretch, textOf, worthwhile } from "./stretches.js";
import { type CallStep, isCall, type Module } from "./tree.js";

/** Of layers in a row, whose numbers people want to see, it has to save more. */
const worthwhileRow = 100;
const mostRowParams = 4;
const mostParams = 9;
/** Characters around a module's body, and in its name. */
const frame = 14;
const usualName = 10;

export interface Made {
  readonly module: Module;
  /** In the place of each stretch. */
  readonly calls: readonly CallStep[];
}

/** The first stretch becomes the body: its numbers say from now on what is written there. */
export function moduleOf(group: readonly Stretch[]): Made | undefined {
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

/** One convolution, and a pool or an activation before it: a name would hide more than it says. */
const isThin = (stretch: Stretch): boolean =>
  stepsOf(stretch)
    .filter(isCall)
    .filter(({ name, module }) => module !== undefined || /conv|depthwise|norm/.test(name)).length <
  2;

/** Characters. */
function saved(group: readonly Stretch[], { names, calls }: Params): number {
  const written = group.reduce((sum, stretch) => sum + textOf(stretch).length, 0);
  const called = calls.reduce(
    (sum, args) => sum + usualName + args.reduce((all, { text }) => all + text.length + 2, 0),
    0,
  );
  return written - called - textOf(group[0]!).length - frame - 3 * names.length;
}
