/**
 * Plays a plan word by word: every element that a node reads must still be there, whatever order
 * the plan lets its steps run in. Kernels are taken at their worst: they fill their scratch and the
 * lanes past their last channel with rubbish.
 */
import { isNode, type Node } from "../../src/graph/graph.js";
import type { Value } from "../../src/graph/value.js";
import { concat } from "../../src/ops/joins/concat.js";
import { channels, elements, sameShape } from "../../src/ops/shape.js";
import type { Moment, Order } from "../../src/plan/order.js";
import { inPlace, runs } from "../../src/plan/place.js";
import type { Layout } from "../../src/kernels/layout.js";
import type { PlacedValue, Plan } from "../../src/plan/plan.js";
import type { ArenaRow } from "../../src/plan/report.js";

/** Words of the arena, each with the element it holds: `buffer:channel:pixel`. */
type Elements = ReadonlyMap<number, string>;

interface Task {
  readonly name: string;
  readonly moment: Moment;
  readonly reads: readonly Elements[];
  /** Words of those that it reads along, and does not look at. */
  readonly loads: ReadonlySet<number>;
  /** Whether it is a concat. */
  readonly copies?: boolean;
  readonly writes: Elements;
  /** Words of the inputs that it may write over while it reads them. */
  readonly own: ReadonlySet<number>;
}

/** What the plan gets wrong, in sentences. */
export function checkPlan(plan: Plan): readonly string[] {
  const tasks = tasksOf(plan);
  const memory = new Map<number, string>();
  const problems: string[] = [];
  // Where steps without an order between them do not clash, all orders give what one gives.
  for (const task of tasks) {
    problems.push(...stale(task, memory));
    task.writes.forEach((tag, word) => memory.set(word, tag));
  }
  problems.push(...clashes(tasks, plan.order));
  const ends = [plan.arenaBytes / 4, runArena + plan.batchBytes / 4] as const;
  const outside = [...memory.keys()].filter(
    (word) => word < 0 || word >= ends[word < runArena ? 0 : 1],
  );
  if (outside.length > 0) problems.push(`${outside.length} words lie outside the arena`);
  return problems;
}

/** The arena of what there is one of a run stands far behind that of an image. */
const runArena = 2 ** 40;

/** In an order that the plan allows. */
function tasksOf(plan: Plan): readonly Task[] {
  const tasks: Task[] = [];
  for (const [value, moment] of plan.inputs) {
    const writes = elementsOf(plan, value);
    tasks.push({ name: value.name, moment, reads: [], loads: new Set(), writes, own: new Set() });
  }
  for (const { node, moment, workspace } of plan.nodes) {
    if (!runs(node, plan.placement)) continue;
    const placed = isNode(node, concat) ? inPlace(node, plan.placement) : [];
    const roles = Object.values(node.weights).filter(({ extent }) => extent !== "model");
    const read = [...node.inputs.filter((_, i) => placed[i] !== true), ...roles];
    const writes = new Map<number, string>();
    if (isNode(node, concat)) copied(plan, node, writes);
    else for (const value of node.outputs) stored(plan, value, writes);
    for (let i = 0; i < (workspace?.bytes ?? 0) / 4; i++) {
      writes.set(workspace!.offset / 4 + i, "rubbish");
    }
    const overwritten = node.inputs.filter(
      ({ shape }) => node.primitive.inPlace && sameShape(shape, node.outputs[0]!.shape),
    );
    const own = overwritten.flatMap((input) => [...elementsOf(plan, input).keys()]);
    const reads = read.map((value) => elementsOf(plan, value));
    const loads = new Set(read.flatMap((value) => [...wholeBlocks(plan, value).keys()]));
    const [name, copies] = [node.outputs[0]!.name, isNode(node, concat)];
    tasks.push({ name, moment, reads, loads, copies, writes, own: new Set(own) });
  }
  for (const { value, moment, index } of plan.copies) {
    const reads = [elementsOf(plan, value)];
    const [loads, writes] = [new Set<number>(), new Map<number, string>()];
    tasks.push({ name: `copy ${index}`, moment, reads, loads, writes, own: new Set() });
  }
  const states = plan.graph.updates.map(({ value }) => elementsOf(plan, value));
  if (states.length > 0) {
    const moment = endOf(tasks);
    const [loads, writes] = [new Set<number>(), new Map<number, string>()];
    tasks.push({ name: "updates", moment, reads: states, loads, writes, own: new Set() });
  }
  return tasks.sort((a, b) => a.moment.level - b.moment.level);
}

/** After everything, whatever the plan says. */
function endOf(tasks: readonly Task[]): Moment {
  const after = tasks.map(({ moment }) => moment);
  const index = Math.max(...after.map((moment) => moment.index)) + 1;
  return { index, level: Math.max(...after.map(({ level }) => level)) + 1, after };
}

/** A concat writes just the channels of the operands that it copies. */
function copied(plan: Plan, node: Node, into: Map<number, string>): void {
  const result = plan.values.get(node.outputs[0]!)!;
  const placed = inPlace(node, plan.placement);
  let channel = 0;
  for (const [i, { shape }] of node.inputs.entries()) {
    if (!placed[i]) fill(result, channel, channel + channels(shape), into);
    channel += channels(shape);
  }
}

/** The words of a value and what they hold. */
const elementsOf = (plan: Plan, value: Value): Elements =>
  fill(plan.values.get(value)!, 0, channels(value.shape), new Map());

/** As a kernel stores it: rubbish in the lanes of the last block that are past its channels, unless it must not. */
function stored(plan: Plan, value: Value, into: Map<number, string>): void {
  const all = plan.placement.apart.has(value) ? elementsOf(plan, value) : wholeBlocks(plan, value);
  all.forEach((tag, word) => into.set(word, tag));
}

/** The words of all blocks that a value lies in. */
function wholeBlocks(plan: Plan, value: Value): Elements {
  const placed = plan.values.get(value)!;
  const block = placed.layout.kind === "blocked" ? placed.layout.block : 1;
  const first = (placed.sliceOf?.channel ?? 0) % block;
  const end = Math.ceil((first + channels(value.shape)) / block) * block;
  return fill(placed, -first, end - first, new Map());
}

/** The words of channels `from` to `to` of a value in the arena. */
function fill(
  { value, place, layout, sliceOf }: PlacedValue,
  from: number,
  to: number,
  into: Map<number, string>,
): Map<number, string> {
  if (place.kind !== "arena") return into;
  const [buffer, first] = [sliceOf?.value ?? value, sliceOf?.channel ?? 0];
  const pixels = elements(value.shape.slice(1));
  const start = place.offset / 4 + (place.extent === "batch" ? runArena : 0);
  // The place of a slice that begins inside of a block is that of the block.
  const lane = layout.kind === "blocked" ? first % layout.block : 0;
  for (let c = from; c < to; c++) {
    for (let p = 0; p < pixels; p++) {
      const real = c >= 0 && c < channels(value.shape);
      const tag = real ? `${buffer.name}:${first + c}:${p}` : "rubbish";
      const at = address(layout, lane + c, p, pixels, channels(buffer.shape));
      into.set(start + at, tag);
    }
  }
  return into;
}

function address(layout: Layout, c: number, pixel: number, pixels: number, pitch: number): number {
  if (layout.kind === "planar") return c * pixels + pixel;
  if (layout.kind === "channels-last") return pixel * pitch + c;
  if (layout.kind === "packed") throw new TypeError("no value of a run is packed");
  const { block } = layout;
  return (Math.floor(c / block) * pixels + pixel) * block + (c % block);
}

function stale({ name, reads }: Task, memory: ReadonlyMap<number, string>): readonly string[] {
  return reads.flatMap((elements) => {
    const lost = [...elements].find(([word, tag]) => memory.get(word) !== tag);
    if (lost === undefined) return [];
    return [`${name} reads ${lost[1]} but finds ${memory.get(lost[0]) ?? "nothing"}`];
  });
}

/** Words that one task writes while another beside it, or the task itself, uses them. */
function clashes(tasks: readonly Task[], order: Order): readonly string[] {
  const beside = (a: Task, b: Task): boolean =>
    !order.before(a.moment, b.moment) && !order.before(b.moment, a.moment);
  const read = tasks.map(({ reads }) => new Set(reads.flatMap((each) => [...each.keys()])));
  return tasks.flatMap((writer, i) =>
    tasks.flatMap((other, j) => {
      if (!beside(writer, other)) return [];
      const uses = (word: number): boolean =>
        i === j
          ? read[i]!.has(word) && !writer.own.has(word)
          : read[j]!.has(word) || other.writes.has(word);
      const clash = [...writer.writes.keys()].some(
        // What a concat copies may come into lanes that others read along.
        (word) => uses(word) || (i !== j && !writer.copies && other.loads.has(word)),
      );
      return clash ? [`${writer.name} writes what ${other.name} uses`] : [];
    }),
  );
}

/** The most bytes alive at one level: no arena of a plan by levels can be smaller. */
export function mostAlive(blocks: readonly Pick<ArenaRow, "bytes" | "from" | "to">[]): number {
  const levels = new Set(blocks.map((block) => block.from));
  const alive = [...levels].map((level) =>
    blocks
      .filter((block) => block.from <= level && level <= block.to)
      .reduce((sum, block) => sum + block.bytes, 0),
  );
  return Math.max(0, ...alive);
}
