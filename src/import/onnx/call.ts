/** A node of the file while it is read. */
import type { StoredNode, StoredOperand } from "../../ops/onnx.js";
import { NodeReader, refuse } from "../../ops/onnx-reading/reader.js";
import { type Element, isNumber, shownShape } from "./constants/element.js";
import { Operands } from "./constants/folding.js";
import type { FileOf } from "./constants/stored.js";
import { Tensor } from "./constants/tensor.js";
import type { FileNode } from "./decode/model.js";
import { isNatural } from "./flow/arrangement.js";
import { Flow } from "./flow/flow.js";
import type { Materialiser } from "./flow/materialise.js";
import type { GraphBuilder } from "./graph-builder.js";
import type { Meaning } from "./meaning.js";
import type { Known } from "./opset/definition.js";

/** What every node is read with. */
export interface Reading {
  readonly file: FileOf;
  readonly opset: number;
  readonly known: Known;
  readonly builder: GraphBuilder;
  readonly values: Materialiser;
}

export interface CallOf extends Reading {
  readonly node: FileNode;
  /** `undefined` for one that is left out. */
  readonly operands: readonly (Meaning | undefined)[];
  /** What a ConstantOfShape is filled with, where it says so. */
  readonly fill: Tensor | undefined;
  /** How many of its results anything needs, up to the last of them. */
  readonly results: number;
}

export class Call {
  readonly node: FileNode;
  readonly builder: GraphBuilder;
  readonly reader: NodeReader;

  constructor(private readonly of: CallOf) {
    this.node = of.node;
    this.builder = of.builder;
    this.reader = new NodeReader(this.stored(of.operands.map(asItIs)));
  }

  get operands(): CallOf["operands"] {
    return this.of.operands;
  }

  get file(): FileOf {
    return this.of.file;
  }

  get opset(): number {
    return this.of.opset;
  }

  get fill(): Tensor | undefined {
    return this.of.fill;
  }

  get results(): number {
    return this.of.results;
  }

  /** The node with these operands, for the readers of primitives. */
  stored(operands: StoredNode["operands"]): StoredNode {
    const { node, opset, results } = this.of;
    const attributes = attributesOf(node);
    return { opType: node.opType, opset, attributes, operands, outputs: results };
  }

  /** An operand that flows. */
  flow(index: number): Flow {
    const operand = this.operands[index];
    return operand instanceof Flow ? operand : refuse(`computes nothing of operand ${index + 1}`);
  }

  /** The same as a value of the graph, lying as that does; undefined where there is none. */
  natural(flow: Flow): Flow | undefined {
    const value = this.of.values.valueOf(flow, this.node);
    return value && Flow.natural(value, flow.batch);
  }

  /** The operands beside the first, each a constant. */
  get constants(): Operands {
    const [, ...others] = this.operands;
    const fixed = others.map((operand, i) =>
      operand === undefined || operand instanceof Tensor
        ? operand
        : refuse(`computes its operand ${i + 2}; here it is fixed`),
    );
    return new Operands([undefined, ...fixed]);
  }
}

/** As the readers of primitives take them: numbers, texts and lists. */
export const attributesOf = ({ attributes }: FileNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    [...attributes].map(([name, { kind, ...held }]) => [
      name,
      kind === "tensor" || !("value" in held) ? { kind } : held.value,
    ]),
  );

/** By shape and values alone. */
const asItIs = (operand: Meaning | undefined): StoredOperand | undefined =>
  operand instanceof Tensor ? asConstant(operand) : operand && { shape: operand.dims.map(known) };

const known = (element: Element): number | undefined => (isNumber(element) ? element : undefined);

/** A multiple of the batch is no number that anything could be made of. */
export const asConstant = ({ shape, numbers }: Tensor): StoredOperand =>
  numbers === undefined
    ? { shape, unread: true }
    : { shape, values: numbers.map((element) => known(element) ?? NaN) };

/** As a sentence says it: `N x 64 x 28 x 28`. */
export const shownFlow = (flow: Flow): string => shownShape(flow.dims);

export const liesNaturally = ({ value, arrangement }: Flow): boolean =>
  isNatural(arrangement, value.shape);
