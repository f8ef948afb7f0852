/** What names of a file stand for. */
import type { Element } from "./constants/element.js";
import type { Tensor } from "./constants/tensor.js";
import type { FileNode } from "./decode/model.js";
import type { Flow } from "./flow/flow.js";
import type { Step } from "./formula/sample.js";

export type Meaning = Flow | Tensor | Formula | List;

/** Several tensors under one name, which ONNX calls a sequence. */
export class List {
  /** Of itself it has none. */
  readonly dims: readonly Element[] = [];

  constructor(readonly items: readonly Flow[]) {}
}

/** A node that no primitive is, and what is said of it where nothing makes sense of it either. */
export interface Foreign {
  readonly node: FileNode;
  readonly why: string;
}

interface FormulaForm {
  /** Whether its last step looks at more than one element for each of its results. */
  readonly reduces: boolean;
  /** How many steps the longest way through it has. */
  readonly depth: number;
}

/**
 * What is computed of values of the graph by nodes of which one has no word here. Several together may
 * be one primitive: a GELU is written with an Erf.
 */
export class Formula {
  constructor(
    readonly operands: readonly Meaning[],
    readonly step: Step,
    readonly foreign: readonly Foreign[],
    private readonly form: FormulaForm,
  ) {}

  get reduces(): boolean {
    return this.form.reduces;
  }

  get depth(): number {
    return this.form.depth;
  }

  /** Of what it gives. */
  get dims(): readonly Element[] {
    return this.step.dims;
  }
}
