/** Graphs as a file would give them, and what tells two of them apart. */
import type { Graph, Node } from "../../../src/graph/graph.js";
import type { Value } from "../../../src/graph/value.js";
import type { Hint, Imported } from "../../../src/import/imported.js";
import { pair } from "../../../src/import/same.js";
import { raise } from "../../../src/import/raise/raise.js";
import { buildGraph } from "../../../src/graph/build.js";
import { elements, formatShape } from "../../../src/ops/shape.js";
import { check } from "../../support/check.js";

/** What the file calls values: nothing, its weights alone, all as the spec's steps, or anything. */
export type Naming = "nothing" | "weights" | "steps" | "nonsense";

export function importedOf(graph: Graph, naming: Naming): Imported {
  const hints = graph.nodes.map((node, i) => [node.outputs[0]!, hintOf(node, i, naming)] as const);
  return {
    graph,
    weights: new Map(),
    names: new Map<Value, Hint>(hints.filter(([, hint]) => hint.length > 0)),
  };
}

function hintOf({ weights, origin }: Node, place: number, naming: Naming): Hint {
  const weight = Object.values(weights)[0]?.name.split(".").slice(0, -1) ?? [];
  if (naming === "weights") return weight;
  if (naming === "steps") return weight.length > 0 ? weight : (origin.paths[0]?.split(".") ?? []);
  return naming === "nothing"
    ? []
    : Array.from({ length: place % 4 }, (_, i) => nonsense[(place + i) % nonsense.length]!);
}

/** Nothing of it may become more than a name. */
const nonsense = [
  "model",
  "} model Other { input x: f32[1]",
  "a\nb",
  "0",
  "-> relu",
  "in",
  "3x3",
  "b5",
  "été/😀",
  "from",
  "_",
  'as "x"',
  "conv",
  "branch7x7",
  "x".repeat(200),
];

export const raised = (graph: Graph, naming: Naming): string =>
  raise(importedOf(graph, naming), { name: graph.name, comment: [] });

/** Warnings that tell of the network, and not of how it is written. */
const ofNetwork = new Set(["style/linear-chain", "style/naive-branch", "style/softmax-twice"]);

/** What is wrong with a raised text: findings, or where its graph differs. */
export function faults(graph: Graph, text: string): readonly string[] {
  const { network, diagnostics } = check(text);
  const found = diagnostics
    .filter(({ code }) => !ofNetwork.has(code))
    .map(({ code, message }) => `${code}: ${message}`);
  if (network === undefined || found.length > 0) return found;
  const lowered = buildGraph(network);
  const paired = pair(graph, lowered);
  return [...differences(graph, lowered), ...(typeof paired === "string" ? [paired] : [])];
}

/** Where two graphs differ, other than in nodes that pass on what they get; none for equal ones. */
export function differences(a: Graph, b: Graph): readonly string[] {
  const pairs = new Pairs(a, b);
  if (a.outputs.length !== b.outputs.length) return ["other outputs"];
  if (a.inputs.length !== b.inputs.length) return ["other inputs"];
  a.inputs.forEach((input, i) => pairs.pair(input, b.inputs[i]!));
  a.outputs.forEach(({ value }, i) => pairs.pair(value, b.outputs[i]!.value));
  return pairs.problems;
}

class Pairs {
  readonly problems: string[] = [];
  private readonly partners = new Map<Value, Value>();
  private readonly taken = new Map<Value, Value>();
  private readonly left: Sides;
  private readonly right: Sides;

  constructor(a: Graph, b: Graph) {
    this.left = new Sides(a);
    this.right = new Sides(b);
  }

  pair(first: Value, second: Value): void {
    const open: (readonly [Value, Value])[] = [[first, second]];
    for (let next = open.pop(); next !== undefined && this.problems.length < 3; next = open.pop()) {
      const [x, y] = [this.left.meant(next[0]), this.right.meant(next[1])];
      if (this.partners.get(x) === y && this.taken.get(y) === x) continue;
      if (this.partners.has(x) || this.taken.has(y)) {
        this.problems.push(`${x.name} and ${y.name} have other partners`);
        continue;
      }
      this.partners.set(x, y);
      this.taken.set(y, x);
      open.push(...this.operands(x, y));
    }
  }

  private operands(x: Value, y: Value): readonly (readonly [Value, Value])[] {
    const [a, b] = [this.left.makers.get(x), this.right.makers.get(y)];
    const [ours, theirs] = [said(a, x), said(b, y)];
    if (ours !== theirs) this.problems.push(`${x.name}: ${ours}, but ${y.name}: ${theirs}`);
    if (a === undefined || b === undefined) return [];
    const others = orderOf(a, b, this.left, this.right);
    return a.inputs.map((input, i) => [input, others[i]!] as const);
  }
}

/** A sum of two is the same the other way round. */
function orderOf(a: Node, b: Node, left: Sides, right: Sides): readonly Value[] {
  if (a.primitive.name !== "add" || a.inputs.length !== 2) return b.inputs;
  const depth = (side: Sides, value: Value): number => side.depths.get(side.meant(value)) ?? 0;
  const order = (node: Node, side: Sides): boolean =>
    depth(side, node.inputs[0]!) > depth(side, node.inputs[1]!);
  return order(a, left) === order(b, right) ? b.inputs : b.inputs.toReversed();
}

const said = (node: Node | undefined, { shape }: Value): string =>
  node === undefined
    ? formatShape(shape)
    : `${node.primitive.name} ${attrsOf(node)} ${shown(node, shape)} ${Object.keys(node.weights).join()}`;

/** A dropout may stand before a flatten as well as behind it. */
const shown = ({ primitive }: Node, shape: Value["shape"]): string =>
  primitive.name === "dropout" ? `${elements(shape)}` : formatShape(shape);

function attrsOf({ primitive, attrs }: Node): string {
  if (primitive.name === "add") return [...(attrs as { scales: number[] }).scales].sort().join();
  // A largest value is the same whether padding counts or not.
  const meaningless = primitive.name === "maxpool" ? "countPad" : "";
  const entries = Object.entries(attrs as object)
    .filter(([name]) => name !== meaningless)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries, (_, value: unknown) =>
    typeof value === "object" && value !== null && "top" in value
      ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      : value,
  );
}

/** A graph seen through what passes on its operand. */
class Sides {
  readonly makers = new Map<Value, Node>();
  /** How many nodes stand before a value at most. */
  readonly depths = new Map<Value, number>();
  private readonly passed = new Map<Value, Value>();

  constructor({ nodes, outputs }: Graph) {
    const open = new Set(outputs.map(({ value }) => value));
    const flat = new Set<Value>();
    const silent = new Set<Node>();
    for (const node of nodes.toReversed()) {
      const value = node.outputs[0]!;
      const name = node.primitive.name;
      const onlyFlat = flat.has(value) && !open.has(value);
      const passes =
        name !== "dropout" && node.primitive.passesOn?.(node.attrs, node.inputs.length);
      if (name === "flatten" ? onlyFlat : passes) silent.add(node);
      const flattens =
        name === "linear" || (onlyFlat && ["dropout", "flatten", "identity"].includes(name));
      node.inputs.forEach((input) => (flattens ? flat : open).add(input));
    }
    for (const node of nodes) {
      const value = node.outputs[0]!;
      if (silent.has(node)) this.passed.set(value, this.meant(node.inputs[0]!));
      else this.makers.set(value, node);
      const depth = Math.max(
        0,
        ...node.inputs.map((input) => this.depths.get(this.meant(input)) ?? 0),
      );
      if (!silent.has(node)) this.depths.set(value, depth + 1);
    }
  }

  meant(value: Value): Value {
    return this.passed.get(value) ?? value;
  }
}
