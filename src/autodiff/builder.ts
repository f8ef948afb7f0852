import { bug } from "../diagnostics/bug.js";
import type { Node, Origin, Update } from "../graph/graph.js";
import { resultTypes } from "../graph/results.js";
import { inputValue, isParameter, resultValue, type Value } from "../graph/value.js";
import type { BuildValue, Primitive, RuleBuilder } from "../ops/primitive.js";

/** What random numbers of a batch are made of: the seed of the training, and the batch's number. */
export const randomInput: Value = {
  ...inputValue("training:random", [2]),
  dtype: "i32",
  extent: "batch",
};

type Operands = Readonly<Record<string, BuildValue>>;

/** Appends nodes to a graph, each told by the steps of the spec that it is for. */
export class GraphBuilder implements RuleBuilder {
  readonly made: Node[] = [];
  readonly updates: Update[] = [];
  usesRandom = false;
  private origin: Origin = nowhere;
  private readonly taken: Set<string>;
  private streams = 0;

  /** @param given values whose names are theirs */
  constructor(given: readonly Value[]) {
    this.taken = new Set(given.map(({ name }) => name));
  }

  /** The nodes that follow belong to these steps. */
  at(origin: Origin): void {
    this.origin = origin;
  }

  /** Appends a node that there is already. */
  keep(node: Node): void {
    this.made.push(node);
  }

  nodes<A>(
    primitive: Primitive<A>,
    inputs: readonly BuildValue[],
    attrs: A,
    weights: Operands = {},
  ): readonly Value[] {
    // Every value that a rule knows is one that this builder or the graph has made.
    const [given, roles] = [inputs as readonly Value[], weights as Readonly<Record<string, Value>>];
    const types = resultTypes(primitive, given, Object.values(roles), attrs);
    const name = `${this.origin.paths[0] ?? "training"}:${primitive.name}`;
    const outputs = types.map((type) => resultValue(this.claim(name), type));
    const { origin } = this;
    this.made.push({ primitive, attrs, inputs: given, outputs, weights: roles, origin });
    return outputs;
  }

  node<A>(
    primitive: Primitive<A>,
    inputs: readonly BuildValue[],
    attrs: A,
    weights: Operands = {},
  ): Value {
    return this.nodes(primitive, inputs, attrs, weights)[0]!;
  }

  update(state: BuildValue, value: BuildValue): void {
    const known = state as Value;
    if (!isParameter(known)) bug(`${known.name} is no state`);
    this.updates.push({ state: known, value: value as Value });
  }

  random(): Value {
    this.usesRandom = true;
    return randomInput;
  }

  stream(): number {
    return this.streams++;
  }

  private claim(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.taken.has(name); n++) name = `${wanted}:${n}`;
    this.taken.add(name);
    return name;
  }
}

const nowhere: Origin = {
  paths: ["training"],
  span: { source: { path: "", text: "" }, start: 0, end: 0 },
  frames: [],
};
