/**
 * One walk over a network: each node, in its order, becomes what the rules make of it. Linear in the
 * nodes and what rules put in their places.
 */
import { bug } from "../../diagnostics/bug.js";
import { type Node, operandsOf } from "../../graph/graph.js";
import { resultTypes } from "../../graph/results.js";
import { type Parameter, parameterValue, resultValue, type Value } from "../../graph/value.js";
import type { ParameterSpec } from "../../ops/operator.js";
import type { Primitive } from "../../ops/primitive.js";
import { anything, type Range } from "../../ops/range.js";
import type { Hint, Imported, StoredWeight } from "../imported.js";
import type { Instead, Rewrite, Rule, Site } from "./rule.js";

/** The network after one walk, and how often which rule fired. */
export function walk(
  imported: Imported,
  rules: readonly Rule[],
): { readonly imported: Imported; readonly fired: ReadonlyMap<string, number> } {
  const walker = new Walk(imported, rules);
  for (const node of imported.graph.nodes) walker.take(node);
  return { imported: walker.result(), fired: walker.fired };
}

/** More rewrites than a network of so many nodes needs: each takes something away. */
const mostRewrites = (nodes: number): number => 1000 + 20 * nodes;

class Walk implements Site {
  readonly fired = new Map<string, number>();
  private readonly rules: readonly { readonly name: string; readonly rewrite: Rewrite }[];
  /** In the order of the file; what has gone is no longer there. */
  private readonly kept = new Set<Node>();
  private readonly producers = new Map<Value, Node>();
  private readonly reads = new Map<Value, number>();
  private readonly renamed = new Map<Value, Value>();
  private readonly ranges = new Map<Value, Range>();
  private readonly weights: Map<Parameter, StoredWeight>;
  private readonly names: Map<Value, Hint>;
  private readonly taken: Set<string>;
  private left: number;

  constructor(
    private readonly imported: Imported,
    rules: readonly Rule[],
  ) {
    const { graph, weights, names } = imported;
    this.rules = rules.map((each) => ({ name: each.name, rewrite: each.begin() }));
    this.left = mostRewrites(graph.nodes.length);
    this.weights = new Map(weights);
    this.names = new Map(names);
    const values = graph.nodes.flatMap((node) => [...node.outputs, ...operandsOf(node)]);
    this.taken = new Set([...graph.inputs, ...values].map(({ name }) => name));
    graph.nodes.forEach((node) => this.read(node));
    graph.outputs.forEach(({ value }) => this.count(value, 1));
  }

  take(node: Node): void {
    const waiting = [node];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const current = this.rewired(next);
      const made = this.rewritten(current);
      if (made === undefined) this.keep(current);
      else waiting.unshift(...made);
    }
  }

  result(): Imported {
    const { graph } = this.imported;
    const nodes = [...this.kept];
    const outputs = graph.outputs.map((output) => ({ ...output, value: this.now(output.value) }));
    const values = new Set([...graph.inputs, ...nodes.flatMap((node) => node.outputs)]);
    const parameters = new Set<Value>(nodes.flatMap((node) => Object.values(node.weights)));
    return {
      graph: { ...graph, nodes, outputs },
      weights: new Map([...this.weights].filter(([parameter]) => parameters.has(parameter))),
      names: new Map([...this.names].filter(([value]) => values.has(value))),
    };
  }

  producer(value: Value): Node | undefined {
    return this.producers.get(value);
  }

  isAlone(value: Value): boolean {
    return this.needs(value) === 1;
  }

  needs(value: Value): number {
    return this.reads.get(value) ?? 0;
  }

  stored(parameter: Parameter): StoredWeight {
    return this.weights.get(parameter) ?? bug(`${parameter.name} has no numbers`);
  }

  range(value: Value): Range {
    return this.ranges.get(value) ?? anything;
  }

  node<A>(like: Node, primitive: Primitive<A>, inputs: readonly Value[], attrs: A): Node {
    const [type] = resultTypes(primitive, inputs, [], attrs);
    const name = this.free(`${like.outputs[0]!.name}:${primitive.name}`);
    const outputs = [resultValue(name, type!)];
    const { origin } = like;
    return { primitive, attrs, inputs, outputs, weights: {}, origin };
  }

  parameter(node: Node, spec: ParameterSpec): Parameter {
    const name = this.free(`${node.outputs[0]!.name}.${spec.suffix}`);
    return parameterValue({ ...spec, name });
  }

  /** What stands in the node's place, if a rule says something; nobody reads the node then. */
  private rewritten(node: Node): readonly Node[] | undefined {
    for (const { name, rewrite } of this.rules) {
      const made = rewrite(node, this);
      if (made === undefined) continue;
      this.fired.set(name, (this.fired.get(name) ?? 0) + 1);
      if (--this.left < 0) bug(`${name} goes on and on at ${node.outputs[0]!.name}`);
      return this.exchange(node, made);
    }
    return undefined;
  }

  private exchange(node: Node, made: Instead): readonly Node[] {
    const [own] = node.outputs;
    if ("value" in made) {
      this.rename(own!, made.value);
      this.release(node);
      return [];
    }
    made.nodes.forEach((each) => this.read(each));
    for (const [value, like] of made.names ?? []) {
      const hint = this.names.get(like);
      if (hint !== undefined) this.names.set(value, hint);
    }
    for (const [parameter, stored] of made.weights ?? []) this.weights.set(parameter, stored);
    this.release(node);
    return made.nodes;
  }

  private rename(from: Value, to: Value): void {
    this.renamed.set(from, to);
    this.count(to, this.reads.get(from) ?? 0);
    const hint = this.names.get(from);
    if (hint !== undefined && !this.names.has(to)) this.names.set(to, hint);
  }

  private keep(node: Node): void {
    const { primitive, attrs, inputs, outputs } = node;
    this.kept.add(node);
    const ranges = inputs.map((input) => this.range(input));
    const shapes = inputs.map(({ shape }) => shape);
    for (const value of outputs) {
      this.producers.set(value, node);
      this.ranges.set(value, primitive.range(ranges, attrs, shapes));
    }
  }

  private read(node: Node): void {
    operandsOf(node).forEach((operand) => this.count(this.now(operand), 1));
  }

  private count(value: Value, by: number): void {
    this.reads.set(value, (this.reads.get(value) ?? 0) + by);
  }

  /** Without the node; what only it needed goes too. */
  private release(node: Node): void {
    const gone = [node];
    for (let next = gone.pop(); next !== undefined; next = gone.pop()) {
      this.kept.delete(next);
      for (const operand of operandsOf(next)) {
        this.count(operand, -1);
        const maker = this.producers.get(operand);
        if (this.reads.get(operand) !== 0 || maker === undefined) continue;
        this.producers.delete(operand);
        gone.push(maker);
      }
    }
  }

  private now(value: Value): Value {
    const next = this.renamed.get(value);
    if (next === undefined) return value;
    const last = this.now(next);
    this.renamed.set(value, last);
    return last;
  }

  private rewired(node: Node): Node {
    const { inputs } = node;
    return inputs.some((value) => this.renamed.has(value))
      ? { ...node, inputs: inputs.map((value) => this.now(value)) }
      : node;
  }

  private free(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.taken.has(name); n++) name = `${wanted}:${n}`;
    this.taken.add(name);
    return name;
  }
}
