/** Which labels share a column. */
import type { Line } from "./lines.js";

/**
 * The branches of a join; in a model, stages and outputs that stand just below each other, but for
 * what stands between the rows of a table; and all stages that call one module, since a table goes
 * on below what interrupts it.
 *
 * @returns for each line, the width of the widest label in its column
 */
export function labelColumns(
  lines: readonly (Line | undefined)[],
  isJoin: boolean,
): readonly number[] {
  const column = new Columns(lines.length);
  const calls = callsByModule(lines);
  const last = new Map<string, number>();
  lines.forEach((line, i) => {
    if (line === undefined) return;
    const before = lines[i - 1];
    if (before !== undefined && (isJoin || belong(before, line, calls))) column.join(i - 1, i);
    if (line.callee === undefined) return;
    column.join(last.get(line.callee) ?? i, i);
    last.set(line.callee, i);
  });
  const widths = new Map<number, number>();
  lines.forEach((line, i) => {
    const root = column.of(i);
    widths.set(root, Math.max(widths.get(root) ?? 0, line?.label ?? 0));
  });
  return lines.map((_, i) => widths.get(column.of(i))!);
}

function callsByModule(lines: readonly (Line | undefined)[]): ReadonlyMap<string, number> {
  const calls = new Map<string, number>();
  for (const line of lines) {
    if (line?.callee !== undefined) calls.set(line.callee, (calls.get(line.callee) ?? 0) + 1);
  }
  return calls;
}

function belong(before: Line, line: Line, calls: ReadonlyMap<string, number>): boolean {
  if (!line.isNext || before.kind !== line.kind) return false;
  if (!areClose(before.label ?? 0, line.label ?? 0)) return false;
  if (line.kind === "output") return true;
  const isTable = ({ callee }: Line) => callee !== undefined && calls.get(callee)! > 1;
  const isOther = ({ callee }: Line) => callee === undefined;
  if (isTable(before) ? isOther(line) : isTable(line) && isOther(before)) return false;
  return before.isCall && line.isCall;
}

/** A label much shorter than its neighbour stays close to what it names. */
function areClose(a: number, b: number): boolean {
  const [shorter, longer] = [Math.min(a, b), Math.max(a, b)];
  return longer - shorter <= 3 || shorter / longer >= 0.6;
}

/** Sets of lines that grow together. */
class Columns {
  private readonly parents: number[];

  constructor(size: number) {
    this.parents = Array.from({ length: size }, (_, i) => i);
  }

  of(i: number): number {
    let root = i;
    while (this.parents[root] !== root) {
      this.parents[root] = this.parents[this.parents[root]!]!;
      root = this.parents[root]!;
    }
    return root;
  }

  join(a: number, b: number): void {
    this.parents[this.of(b)] = this.of(a);
  }
}
