import { bug } from "../diagnostics/bug.js";
import { type Graph, isNode, type Node } from "../graph/graph.js";
import { producersOf } from "../graph/rewrite.js";
import { isConstant, isParameter, type Value } from "../graph/value.js";
import { type FoldAttrs, foldBatchNorm } from "../ops/fold-batchnorm.js";
import { concat } from "../ops/joins/concat.js";
import { elements } from "../ops/shape.js";
import type { Argument, Call, Pointer, PrepareSection } from "./program.js";

const roundUp = (size: number, unit: number): number => Math.ceil(size / unit) * unit;

/** Scratch of `prepare` starts on cache lines; counted in floats. */
const cacheLine = 16;

/** The `prepare` program: the nodes of extent model, then the target's own packing. */
export class PrepareProgram {
  readonly sections: PrepareSection[] = [];
  /** In the target's unit: floats on the CPU, bytes on a GPU. */
  weightSize = 0;
  stagingFloats = 0;
  readonly producers: ReadonlyMap<Value, Node>;

  /** @param alignment of prepared weights, in the target's unit */
  constructor(
    graph: Graph,
    readonly alignment: number,
  ) {
    this.producers = producersOf(graph);
  }

  /** What one node needs; the scratch of each starts anew. */
  node(node: Node, what: string): PrepareNode {
    return new PrepareNode(this, node, what);
  }
}

export class PrepareNode {
  private readonly calls: Call[] = [];
  private readonly staged = new Map<Value, Pointer>();
  private staging = 0;

  constructor(
    private readonly program: PrepareProgram,
    private readonly node: Node,
    private readonly what: string,
  ) {}

  /**
   * Room for prepared weights of a size in the target's unit, filled by `fill(from, to)` from the
   * operand as the graph has it.
   */
  store(
    value: Value | undefined,
    size: number,
    fill: (from: Pointer, to: Pointer) => Call,
  ): Pointer {
    const from = value === undefined ? ({ kind: "null" } as const) : this.resolve(value);
    const to: Pointer = { kind: "weights", offset: this.program.weightSize };
    this.program.weightSize += roundUp(size, this.program.alignment);
    this.calls.push(fill(from, to));
    return to;
  }

  /** The operand unchanged, for kernels that take weights as the checkpoint has them. */
  keep(value: Value): Pointer {
    const count = elements(value.shape);
    return this.store(value, count, (from, to) => concatRows([{ from, count }], to));
  }

  finish(): void {
    if (this.calls.length === 0) return;
    const { origin } = this.node;
    this.program.sections.push({
      paths: origin.paths,
      what: this.what,
      origin,
      steps: this.calls,
    });
  }

  private resolve(value: Value): Pointer {
    if (isParameter(value)) return { kind: "parameter", name: value.name };
    const known = this.staged.get(value);
    if (known !== undefined) return known;
    // What is filled with zeros is told by the null that takes its place.
    if (isConstant(value) && value.fill === 0) return { kind: "null" };
    const node = this.program.producers.get(value);
    if (node === undefined) bug(`nothing prepares ${value.name}`);
    this.stage(node);
    return this.staged.get(value)!;
  }

  /** Room for what the node makes, and the call that fills it. */
  private stage(node: Node): void {
    const operands = node.inputs.map((value) => this.resolve(value));
    const roles = Object.fromEntries(
      Object.entries(node.weights).map(([role, value]) => [role, this.resolve(value)]),
    );
    const results = node.outputs.map((value) => this.allocate(elements(value.shape)));
    if (isNode(node, concat)) {
      const counts = node.inputs.map(({ shape }) => elements(shape));
      const rows = operands.map((from, i) => ({ from, count: counts[i]! }));
      this.calls.push(concatRows(rows, results[0]!));
    } else if (isNode(node, foldBatchNorm)) this.calls.push(fold(node.attrs, roles, results));
    else bug(`no call prepares weights by ${node.primitive.name}`);
    node.outputs.forEach((value, i) => this.staged.set(value, results[i]!));
  }

  private allocate(floats: number): Pointer {
    const pointer: Pointer = { kind: "staging", offset: this.staging };
    this.staging += roundUp(floats, cacheLine);
    this.program.stagingFloats = Math.max(this.program.stagingFloats, this.staging);
    return pointer;
  }
}

export const number = (value: number): Argument => ({ kind: "number", value });

function fold(
  { shape, eps }: FoldAttrs,
  operands: Readonly<Record<string, Pointer>>,
  results: readonly Pointer[],
): Call {
  const rows = shape[0]!;
  const roles = ["weight", "bias", "gamma", "beta", "mean", "variance"];
  const from = roles.map((role) => operands[role] ?? ({ kind: "null" } as const));
  return {
    kind: "call",
    header: "prepare/fold_batchnorm.hpp",
    function: "fold_batchnorm",
    templates: [],
    args: [...[rows, elements(shape) / rows, eps].map(number), ...from, ...results],
  };
}

const concatRows = (
  rows: readonly { readonly from: Pointer; readonly count: number }[],
  to: Pointer,
): Call => ({
  kind: "call",
  header: "prepare/concat_rows.hpp",
  function: "concat_rows",
  templates: [],
  args: [to, { kind: "rows", rows }],
});
