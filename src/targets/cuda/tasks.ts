import { bug } from "../../diagnostics/bug.js";
import type { Moment, Order } from "../../plan/order.js";
import type { Plan } from "../../plan/plan.js";
import type { Call, Section, TaskSection } from "../program.js";

/** What happens at a moment of the plan; no calls where a concat only stands for its operands. */
export interface PlannedTask {
  readonly moment: Moment;
  readonly name: string;
  readonly section: Section<Call>;
}

/**
 * The tasks of a plan in the order of its levels, each with the fewest earlier ones that it must
 * wait for: what another of them waits for already is not named again.
 */
export function tasksOf(plan: Plan, planned: readonly PlannedTask[]): readonly TaskSection[] {
  const acting = new Map(
    planned
      .filter(({ section }) => section.instructions.length > 0)
      .map((task) => [task.moment, task] as const),
  );
  const names = new Set([...acting.values()].map(({ name }) => name));
  if (names.size < acting.size) bug("two tasks have one name");
  return [...acting.values()]
    .sort((a, b) => a.moment.level - b.moment.level || a.moment.index - b.moment.index)
    .map(({ moment, name, section }) => {
      const waits = fewest(directly(moment, acting), plan.order);
      return { ...section, name, after: waits.map((before) => acting.get(before)!.name) };
    });
}

/** The acting moments that a moment comes after, by way of those that do nothing. */
function directly(moment: Moment, acting: ReadonlyMap<Moment, PlannedTask>): readonly Moment[] {
  const found = moment.after.flatMap((before) =>
    acting.has(before) ? [before] : directly(before, acting),
  );
  return [...new Set(found)];
}

const fewest = (moments: readonly Moment[], order: Order): readonly Moment[] =>
  moments
    .filter((moment) => !moments.some((other) => order.before(moment, other)))
    .sort((a, b) => a.index - b.index);
