/**
 * Which values get a name, so that what reads them can say `from`: those that are no fork of a join
 * alone, which a chain could not hold. All others stand in one chain each.
 */
import type { Dominators } from "./dominators.js";
import type { Flow } from "./flow.js";
import { Regions } from "./regions.js";

/** The inputs, values that end a stage, and outputs that others read. */
export function namedItems(flow: Flow, dominators: Dominators): ReadonlySet<number> {
  const cuts = new Cuts(flow, dominators);
  cuts.nameShared();
  cuts.close();
  for (const item of new Regions(flow, dominators, cuts.named).tooLarge()) cuts.named.add(item);
  cuts.close();
  return cuts.named;
}

class Cuts {
  readonly named: Set<number>;
  private readonly ends: readonly number[];

  constructor(
    private readonly flow: Flow,
    private readonly dominators: Dominators,
  ) {
    this.named = new Set(flow.inputs.keys());
    this.ends = flow.outputs.map(({ item }) => item);
  }

  /** Values that several read, unless all of that comes together in one join that reads no other. */
  nameShared(): void {
    const { readers } = this.flow;
    const outputs = new Map<number, number>();
    for (const end of this.ends) outputs.set(end, (outputs.get(end) ?? 0) + 1);
    readers.forEach(({ length }, id) => {
      const own = outputs.get(id) ?? 0;
      const shared = length + own > 1;
      if (shared && (own > 0 || !this.isFork(id))) this.named.add(id);
    });
  }

  private isFork(id: number): boolean {
    const join = this.dominators.behind[id]!;
    return join >= 0 && this.dominators.before[join] === id;
  }

  /** What a stage is made of goes back to names: where it meets the way of another one is a name. */
  close(): void {
    const passed = new Set<number>();
    for (const start of [...this.named, ...this.ends]) {
      let [last, id] = [start, this.dominators.before[start]!];
      while (id >= 0 && !this.named.has(id)) {
        const shared = this.flow.readers[id]!.length > 1;
        const meets = passed.has(id);
        if (meets || (shared && this.dominators.behind[id] !== last)) this.named.add(id);
        if (meets) break;
        passed.add(id);
        [last, id] = [id, this.dominators.before[id]!];
      }
    }
  }
}
