import type { Node, PrepareStep, Tensor } from "../graph/graph.js";
import { elements } from "../ops/shape.js";
import type { Argument, Call, Pointer, PrepareSection } from "./program.js";

const roundUp = (size: number, unit: number): number => Math.ceil(size / unit) * unit;

/** Scratch of `prepare` starts on cache lines; counted in floats. */
const cacheLine = 16;

/** The `prepare` program: the steps that passes recorded, then the target's own packing. */
export class PrepareProgram {
  readonly sections: PrepareSection[] = [];
  /** In the target's unit: floats on the CPU, bytes on a GPU. */
  weightSize = 0;
  stagingFloats = 0;

  /** @param alignment of prepared weights, in the target's unit */
  constructor(readonly alignment: number) {}

  /** What one node needs; the scratch of each starts anew. */
  node(node: Node, what: string): PrepareNode {
    return new PrepareNode(this, node, what);
  }
}

export class PrepareNode {
  private readonly calls: Call[] = [];
  private readonly staged = new Map<PrepareStep, ReadonlyMap<string, Pointer>>();
  private staging = 0;

  constructor(
    private readonly program: PrepareProgram,
    private readonly node: Node,
    private readonly what: string,
  ) {}

  /**
   * Room for prepared weights of a size in the target's unit, filled by `fill(from, to)` from the tensor as the graph
   * has it: a parameter, or the result of its prepare steps.
   */
  store(
    tensor: Tensor | undefined,
    size: number,
    fill: (from: Pointer, to: Pointer) => Call,
  ): Pointer {
    const from = tensor === undefined ? ({ kind: "null" } as const) : this.resolve(tensor);
    const to: Pointer = { kind: "weights", offset: this.program.weightSize };
    this.program.weightSize += roundUp(size, this.program.alignment);
    this.calls.push(fill(from, to));
    return to;
  }

  /** The tensor unchanged, for kernels that take weights as the checkpoint has them. */
  keep(tensor: Tensor): Pointer {
    const count = elements(tensor.shape);
    return this.store(tensor, count, (from, to) => concatRows([{ from, count }], to));
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

  private resolve(tensor: Tensor): Pointer {
    if (tensor.kind === "parameter") return { kind: "parameter", name: tensor.name };
    const results = this.staged.get(tensor.step) ?? this.stage(tensor.step, tensor);
    this.staged.set(tensor.step, results);
    return results.get(tensor.result)!;
  }

  private stage(step: PrepareStep, result: Tensor): ReadonlyMap<string, Pointer> {
    switch (step.kind) {
      case "concat-rows": {
        const rows = step.inputs.map((input, i) => ({
          from: this.optional(input),
          count: elements(step.shapes[i]!),
        }));
        const to = this.allocate(elements(result.shape));
        this.calls.push(concatRows(rows, to));
        return new Map([["rows", to]]);
      }
      case "fold-batchnorm": {
        const { weight, bias, gamma, beta, mean, variance } = step.inputs;
        const from = [weight, bias, gamma, beta, mean, variance].map((t) => this.optional(t));
        const rows = weight.shape[0]!;
        const perRow = elements(weight.shape) / rows;
        const to = [this.allocate(rows * perRow), this.allocate(rows)] as const;
        this.calls.push({
          kind: "call",
          header: "prepare/fold_batchnorm.hpp",
          function: "fold_batchnorm",
          templates: [],
          args: [...[rows, perRow, step.eps].map(number), ...from, ...to],
        });
        return new Map([
          ["weight", to[0]],
          ["bias", to[1]],
        ]);
      }
    }
  }

  private optional(tensor: Tensor | undefined): Pointer {
    return tensor === undefined ? { kind: "null" } : this.resolve(tensor);
  }

  private allocate(floats: number): Pointer {
    const pointer: Pointer = { kind: "staging", offset: this.staging };
    this.staging += roundUp(floats, cacheLine);
    this.program.stagingFloats = Math.max(this.program.stagingFloats, this.staging);
    return pointer;
  }
}

export const number = (value: number): Argument => ({ kind: "number", value });

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
