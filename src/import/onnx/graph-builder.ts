import type { Node, Origin } from "../../graph/graph.js";
import { resultTypes } from "../../graph/results.js";
import { type Parameter, parameterValue, resultValue, type Value } from "../../graph/value.js";
import type { ParameterSpec } from "../../ops/operator.js";
import { refuse } from "../../ops/onnx-reading/reader.js";
import type { Primitive } from "../../ops/primitive.js";
import { mostElements, paddedShape } from "../../ops/rules.js";
import { elements, formatShape, sameShape, type Shape } from "../../ops/shape.js";
import type { Window } from "../../ops/window.js";
import type { Hint, StoredWeight } from "../imported.js";
import type { FileNode } from "./decode/model.js";
import { hintOf } from "./hints.js";

/** The numbers of a role, as they are before anything reads them. */
export interface Weight extends StoredWeight {
  readonly shape: Shape;
}

/** Collects the nodes of the graph, each with weights of its own. */
export class GraphBuilder {
  readonly weights = new Map<Parameter, StoredWeight>();
  readonly names = new Map<Value, Hint>();
  private readonly makers = new Map<Value, Node>();
  private readonly places = new Map<Node, number>();
  private readonly taken = new Set<string>();
  private readonly parameters = new Set<string>();

  /** In the order in which they were made. */
  get nodes(): readonly Node[] {
    return [...this.makers.values()];
  }

  /** Nodes that come later have a larger one. */
  placeOf(node: Node): number {
    return this.places.get(node) ?? -1;
  }

  /** What makes a value; nothing makes an input. */
  makerOf(value: Value): Node | undefined {
    return this.makers.get(value);
  }

  /** A name that no other value has: this one, or with a number. */
  claim(wanted: string): string {
    return free(this.taken, wanted);
  }

  /**
   * Appends a node with one result.
   *
   * @param about the node of the file that it is, or belongs to
   */
  node<A>(
    primitive: Primitive<A>,
    inputs: readonly Value[],
    attrs: A,
    about: FileNode,
    weights: Readonly<Record<string, Weight>> = {},
  ): Value {
    const shapes = inputs.map(({ shape }) => shape);
    const misfit = primitive.misfit?.(shapes, attrs);
    if (misfit !== undefined) refuse(misfit);
    const [shape] = primitive.infer(shapes, attrs);
    if (!shape?.every((side) => Number.isSafeInteger(side) && side > 0)) {
      refuse(`leaves ${formatShape(shape ?? [])} of ${shapes.map(formatShape).join(" and ")}`);
    }
    requireSize(shape, "result");
    const { pads } = attrs as Partial<Window>;
    if (pads !== undefined) requireSize(paddedShape(shapes[0]!, { pads }), "padded operand");
    const roles = this.roles(primitive.weights(shapes, attrs), weights);
    const [type] = resultTypes(primitive, inputs, Object.values(roles), attrs);
    const value = resultValue(this.claim(about.outputs[0] ?? primitive.name), type!);
    const node = { primitive, attrs, inputs, outputs: [value], weights: roles };
    this.append(value, { ...node, origin: originOf(about) });
    const hint = hintOf(about, Object.values(weights));
    if (hint.length > 0) this.names.set(value, hint);
    return value;
  }

  /** The same node over other operands, with its weights read once more. */
  again(node: Node, inputs: readonly Value[], about: FileNode): Value {
    return this.node(node.primitive, inputs, node.attrs, about, this.weightsOf(node));
  }

  weightsOf(node: Node): Readonly<Record<string, Weight>> {
    const roles = Object.entries(node.weights).map(([role, value]) => {
      const stored = this.weights.get(value as Parameter)!;
      return [role, { ...stored, shape: value.shape }] as const;
    });
    return Object.fromEntries(roles);
  }

  private append(value: Value, node: Node): void {
    this.makers.set(value, node);
    this.places.set(node, this.places.size);
  }

  private roles(
    expected: Readonly<Record<string, Shape>>,
    given: Readonly<Record<string, Weight>>,
  ): Record<string, Parameter> {
    for (const [role, shape] of Object.entries(expected)) {
      requireSize(shape, role);
      const own = given[role]?.shape ?? refuse(`lacks its ${role}`);
      if (!sameShape(own, shape)) {
        refuse(`has a ${role} of ${own.join(" x ")}, where ${shape.join(" x ")} fit`);
      }
    }
    return Object.fromEntries(
      Object.entries(given).map(([role, weight]) => [role, this.parameter(role, weight)]),
    );
  }

  private parameter(role: string, weight: Weight): Parameter {
    const { shape, name } = weight;
    const known = roleOf(role, shape);
    const fanIn = known === "weight" ? shape.slice(1).reduce((product, d) => product * d, 1) : 0;
    const spec = { suffix: role, shape, role: known, fanIn };
    const value = parameterValue({ ...spec, name: free(this.parameters, name) });
    this.weights.set(value, weight);
    return value;
  }
}

const statistics = ["running_mean", "running_var"] as const;

/** The factors and offsets of a norm are one a channel, the weights of a layer more. */
function roleOf(role: string, shape: Shape): ParameterSpec["role"] {
  const known = statistics.find((name) => name === role);
  if (known !== undefined) return known;
  if (role === "bias") return "bias";
  return shape.length > 1 ? "weight" : "gamma";
}

/** No spec has larger ones. */
function requireSize(shape: Shape, what: string): void {
  if (elements(shape) > mostElements) {
    refuse(`has a ${what} of ${formatShape(shape)}; here that is at most ${mostElements} elements`);
  }
}

function free(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}:${n}`;
  taken.add(name);
  return name;
}

const nowhere = { source: { path: "", text: "" }, start: 0, end: 0 };

/** Of the file's node, which no spec has a place for. */
const originOf = ({ name, outputs }: FileNode): Origin => ({
  paths: [name === "" ? (outputs[0] ?? "") : name],
  span: nowhere,
  frames: [],
});
