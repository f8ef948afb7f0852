/**
 * Chooses a kernel for every node of a run and brings its operands into the layouts that it reads.
 *
 *     y = conv 3x3 16 (image) weight w      prepare y.weight = convert to conv.direct … (w)
 *     p = maxpool 3x3 (image)          ->   y = conv 3x3 16 (image) weight y.weight
 *                                           image:blocked16 = convert to blocked16 (image)
 *                                           p = maxpool 3x3 (image:blocked16)
 *
 * Nodes are taken in their order: each gets the way that costs least together with the conversions
 * of its operands that no earlier reader has asked for.
 */
import { bug } from "../diagnostics/bug.js";
import { type Graph, type Node, prepares } from "../graph/graph.js";
import { isParameter, resultValue, type Value } from "../graph/value.js";
import { means } from "./forced.js";
import { convert, type ConvertAttrs } from "./convert.js";
import type { AnyKernel, BoundWay, Lowering, Packing, Prepare } from "./kernel.js";
import { type Layout, layoutName, planar, sameLayout } from "./layout.js";
import type { Conversion, KernelList } from "./list.js";
import type { Choice, Considered, Refused, Selection } from "./selection.js";

export function select<L extends Lowering>(graph: Graph, list: KernelList<L>): Selection<L> {
  const selector = new Selector(list, graph);
  graph.nodes.forEach((node) => (prepares(node) ? selector.prepare(node) : selector.run(node)));
  return selector.selection(graph);
}

class Selector<L extends Lowering> {
  private readonly made: Node[] = [];
  private readonly choices = new Map<Value, Choice<L>>();
  private readonly preparations = new Map<Value, Prepare<L>>();
  private readonly layouts: Map<Value, Layout>;
  /** What is computed as late as can be. */
  private readonly late = new Set<Value>();
  /** By value and layout: what an earlier reader has asked for. */
  private readonly converted = new Map<Value, Map<string, Value>>();
  /** Names that were asked for and that no node has had a way of yet. */
  private readonly idle: Set<string>;

  constructor(
    private readonly list: KernelList<L>,
    { inputs }: Graph,
  ) {
    this.idle = new Set(list.forced);
    this.layouts = new Map(inputs.map((value) => [value, list.input(value)]));
  }

  selection(graph: Graph): Selection<L> {
    const { made, choices, preparations } = this;
    const nodes = [...made.filter(prepares), ...made.filter((node) => !prepares(node))];
    const layout = (value: Value): Layout => this.layouts.get(value) ?? planar;
    return { graph: { ...graph, nodes }, choices, preparations, layout, idle: [...this.idle] };
  }

  prepare(node: Node): void {
    const preparation = this.list.preparations.get(node.primitive.name);
    if (preparation === undefined) bug(`nothing prepares weights by ${node.primitive.name}`);
    this.made.push(node);
    for (const value of node.outputs) this.preparations.set(value, preparation);
  }

  run(node: Node): void {
    const { way, refused, kernel, cost, measured, ways } = this.best(node);
    const { name, reference, wholeBatch, sharesWeights } = kernel;
    const own = { kernel: name, reference, wholeBatch, sharesWeights };
    const inputs = node.inputs.map((value, i) => this.convert(value, way.inputs[i]!, node));
    const packed = Object.entries(way.weights).map(
      ([role, packing]) => [role, this.pack(role, packing, node)] as const,
    );
    // What a run makes is no weight, and goes as it is.
    const made = Object.entries(node.weights).filter(([, { extent }]) => extent !== "model");
    this.made.push({ ...node, inputs, weights: Object.fromEntries([...made, ...packed]) });
    for (const [i, value] of node.outputs.entries()) {
      if (node.late === true) this.late.add(value);
      this.layouts.set(value, way.outputs[i]!);
      this.choices.set(value, { ...way, ...own, cost, measured, refused, ways });
    }
  }

  /** The cheapest way of those kernels that come into question. */
  private best(node: Node): Candidate<L> & Pick<Choice<L>, "refused" | "ways"> {
    const { kernels, machine, references } = this.list;
    const own = kernels.filter(({ primitive }) => primitive === node.primitive.name);
    const refused: Refused[] = [];
    const candidates = own.flatMap((kernel) => {
      const offer = kernel.offer(node, machine);
      if ("ways" in offer) return offer.ways.map((way) => this.candidate(kernel, way, node));
      refused.push({ kernel: kernel.name, why: offer.refused });
      return [];
    });
    const forced = candidates.filter(({ kernel, way }) => this.isForced(kernel.name, way.tuning));
    const usual = candidates.filter(({ kernel }) => kernel.reference === references);
    // Beside what was measured a mere estimate is no rival: who measured left the others out.
    const measured = usual.filter((each) => each.measured);
    const preferred = [forced, measured, usual, candidates].find((some) => some.length > 0) ?? [];
    const [first, ...others] = preferred;
    if (first === undefined) {
      const why = refused.map((each) => `${each.kernel}: ${each.why}`).join("; ");
      bug(`no kernel computes ${node.primitive.name} ${node.outputs[0]!.name} (${why})`);
    }
    const best = others.reduce((least, each) => (each.total < least.total ? each : least), first);
    return { ...best, refused, ways: candidates.map(consideredOf) };
  }

  private isForced(kernel: string, tuning: string): boolean {
    const names = this.list.forced?.filter((name) => means(name, kernel, tuning)) ?? [];
    for (const name of names) this.idle.delete(name);
    return names.length > 0;
  }

  private candidate(kernel: AnyKernel<L>, way: BoundWay<L>, node: Node): Candidate<L> {
    const record = this.list.records?.cost(kernel.name, way.tuning, node);
    const cost = record ?? way.cost;
    // What is an operand twice is converted once.
    const wanted = node.inputs.map((value, i) => ({ value, to: way.inputs[i]! }));
    const once = wanted.filter(
      ({ value, to }, i) =>
        wanted.findIndex((each) => each.value === value && sameLayout(each.to, to)) === i,
    );
    const conversions = once.reduce(
      (sum, { value, to }) => sum + this.conversionCost(value, to),
      0,
    );
    return { kernel, way, cost, total: cost + conversions, measured: record !== undefined };
  }

  private conversionCost(value: Value, to: Layout): number {
    const from = this.layouts.get(value)!;
    const known = sameLayout(from, to) || this.converted.get(value)?.has(layoutName(to)) === true;
    return known ? 0 : (this.conversion(from, to)?.cost(value) ?? Infinity);
  }

  private conversion(from: Layout, to: Layout): Conversion<L> | undefined {
    return this.list.conversions.find((each) => each.from === from.kind && each.to === to.kind);
  }

  /** The value in a layout: itself, or what an earlier reader or this one makes of it. */
  private convert(value: Value, to: Layout, reader: Node): Value {
    const from = this.layouts.get(value)!;
    if (sameLayout(from, to)) return value;
    const known = this.converted.get(value) ?? new Map<string, Value>();
    this.converted.set(value, known);
    const earlier = known.get(layoutName(to));
    if (earlier !== undefined) return earlier;
    const conversion = this.conversion(from, to);
    if (conversion === undefined) bug(`${value.name} cannot become ${layoutName(to)}`);
    const result = resultValue(`${value.name}:${layoutName(to)}`, value);
    const node = conversionNode(value, to, result, [value.name], reader);
    // Of what comes late it comes late, too.
    this.made.push(this.late.has(value) ? { ...node, late: true } : node);
    if (this.late.has(value)) this.late.add(result);
    known.set(layoutName(to), result);
    this.layouts.set(result, to);
    const cost = conversion.cost(value);
    const lower = conversion.lower.bind(conversion);
    this.choices.set(result, {
      kernel: "convert",
      reference: false,
      wholeBatch: false,
      sharesWeights: false,
      tuning: "",
      cost,
      measured: false,
      refused: [],
      ways: [],
      lower,
    });
    return result;
  }

  private pack(role: string, packing: Packing<L>, reader: Node): Value {
    const { of, layout, lower, unchanged = false } = packing;
    if (unchanged && isParameter(of) && this.list.parametersStay === true) return of;
    const result = resultValue(`${reader.outputs[0]!.name}.${role}:packed`, of);
    this.made.push(conversionNode(of, layout, result, reader.origin.paths, reader));
    this.layouts.set(result, layout);
    this.preparations.set(result, lower);
    return result;
  }
}

interface Candidate<L extends Lowering> {
  readonly kernel: AnyKernel<L>;
  readonly way: BoundWay<L>;
  readonly cost: number;
  /** With the conversions that it asks for. */
  readonly total: number;
  /** Whether the cost is a record's. */
  readonly measured: boolean;
}

const consideredOf = <L extends Lowering>({
  kernel: { name, reference },
  way: { tuning, inputs },
  cost,
  total,
}: Candidate<L>): Considered => ({ kernel: name, tuning, reference, inputs, cost, total });

const conversionNode = (
  value: Value,
  to: Layout,
  result: Value,
  paths: readonly string[],
  reader: Node,
): Node<ConvertAttrs> => ({
  primitive: convert,
  attrs: { to },
  inputs: [value],
  outputs: [result],
  weights: {},
  origin: { ...reader.origin, paths },
});
