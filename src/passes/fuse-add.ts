/**
 * Has the last convolution of a residual write the sum: what it is added to is read where the sum goes,
 * and the activation behind follows. A factor goes into its weights, which are prepared.
 *
 *     f : 320 x 35x35 = conv 1x1 320 (y) weight w bias c
 *     z : 320 x 35x35 = add scales 1, 0.17 relu (x, f)
 *                        ->
 *     prepare w' = add scales 0.17 (w)      prepare c' = add scales 0.17 (c)
 *     z : 320 x 35x35 = conv 1x1 320 relu (y, x) weight w' bias c'
 *
 * It does not fuse where the convolution's own value has other readers, is returned or goes through an
 * activation, where one of both is spread over the other, nor where what it is added to has a factor of
 * its own. Of two convolutions the later one takes the other's value in.
 */
import { type Graph, isNode, keepingOrder, type Node, runNodes } from "../graph/graph.js";
import { mergedOrigin, producersOf, rewrite } from "../graph/rewrite.js";
import { type Constant, constant, isConstant, resultValue, type Value } from "../graph/value.js";
import { conv2d, type ConvAttrs } from "../ops/conv2d.js";
import { add, type AddAttrs } from "../ops/joins/add.js";
import { sameShape } from "../ops/shape.js";
import { type Needed, neededOf } from "./needed.js";
import type { Firing, Pass, Refusal, TargetTraits } from "./pass.js";

type Conv = Node<ConvAttrs>;
type Sum = Node<AddAttrs>;

export const fuseAdd: Pass = {
  name: "fuse-add",
  run(written, traits) {
    const graph = keepingOrder(written);
    const makers = new Makers(graph);
    const nodes = new Map<Node, readonly Node[]>();
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    for (const sum of runNodes(graph)) {
      if (!isNode(sum, add)) continue;
      const found = makers.convolutions(sum);
      if (found.length === 0) continue;
      const whys = found.map((each) => makers.hindrance(sum, each) ?? lacking(sum, traits));
      const free = found[whys.indexOf(undefined)];
      if (free === undefined) {
        refused.push({ paths: sum.origin.paths, why: whys[0]! });
        continue;
      }
      const made = fused(sum, free);
      nodes.set(free.conv, []).set(sum, made);
      const { paths } = made.at(-1)!.origin;
      fired.push({ paths, what: "sum written by the convolution before it" });
    }
    return { graph: rewrite(graph, { nodes }), fired, refused };
  },
};

/** A convolution, and which operand of a sum it makes. */
interface Found {
  readonly conv: Conv;
  readonly operand: number;
}

/** What makes the operands of sums, and who else needs them. */
class Makers {
  private readonly producers: ReadonlyMap<Value, Node>;
  private readonly needed: Needed;
  private readonly places: ReadonlyMap<Node, number>;

  constructor(graph: Graph) {
    this.producers = producersOf(graph);
    this.needed = neededOf(graph);
    this.places = new Map(graph.nodes.map((node, i) => [node, i]));
  }

  /** The latest first. */
  convolutions({ inputs }: Sum): readonly Found[] {
    return inputs
      .flatMap((value, operand) => {
        const conv = this.producers.get(value);
        return conv !== undefined && isNode(conv, conv2d) ? [{ conv, operand }] : [];
      })
      .sort((a, b) => this.places.get(b.conv)! - this.places.get(a.conv)!);
  }

  hindrance({ inputs, attrs }: Sum, { conv, operand }: Found): string | undefined {
    if (inputs.length !== 2) return `it is a sum of ${inputs.length}`;
    const [value, other] = [inputs[operand]!, inputs[1 - operand]!];
    const { activation } = conv.attrs;
    if (activation !== "none") return `the convolution already applies ${activation}`;
    if (conv.inputs.length > 1) return "the convolution adds another value already";
    if (conv.attrs.bias === "placed") return "the convolution adds a bias of places already";
    if (conv.outputs.length > 1) return "the convolution has several results";
    const needed = this.needed(value, "convolution");
    if (needed !== undefined) return needed;
    if (!sameShape(other.shape, value.shape)) return "one is spread over the other";
    if (attrs.scales[1 - operand] !== 1) return "what it is added to has a factor of its own";
    return undefined;
  }
}

function lacking({ attrs }: Sum, traits: TargetTraits): string | undefined {
  const { activation = "none" } = attrs;
  const { name } = traits;
  if (!traits.carries(conv2d.name, { kind: "residual" }))
    return `${name} convolutions add nothing else`;
  if (activation === "none" || traits.carries(conv2d.name, { kind: "activation", activation })) {
    return undefined;
  }
  return `${name} convolutions do not apply ${activation}`;
}

/** What prepares the weights, and then the convolution. */
function fused(sum: Sum, { conv, operand }: Found): readonly Node[] {
  const { scales, activation = "none", alpha } = sum.attrs;
  const prepares: Node[] = [];
  const scaled = (value: Value): Value => {
    const factor = scales[operand]!;
    if (factor === 1) return value;
    if (isConstant(value)) return multiple(value, factor);
    const made = prepared(value, factor, conv);
    prepares.push(made);
    return made.outputs[0]!;
  };
  const weights = Object.fromEntries(
    Object.entries(conv.weights).map(([role, value]) => [role, scaled(value)]),
  );
  const own: Conv = {
    ...conv,
    attrs: { ...conv.attrs, activation, ...(alpha === undefined ? {} : { alpha }) },
    inputs: [...conv.inputs, sum.inputs[1 - operand]!],
    outputs: sum.outputs,
    weights,
    origin: mergedOrigin([conv, sum]),
  };
  return [...prepares, own];
}

/** Of weights that the checkpoint decides. */
function prepared(value: Value, factor: number, { origin }: Conv): Sum {
  const attrs = { scales: [factor] };
  const outputs = [resultValue(`${value.name}:scaled`, value)];
  return { primitive: add, attrs, inputs: [value], outputs, weights: {}, origin };
}

const multiple = ({ name, shape, numbers }: Constant, factor: number): Value =>
  constant(
    name,
    shape,
    typeof numbers === "number" ? numbers * factor : numbers.map((x) => x * factor),
  );
