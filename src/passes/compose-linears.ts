/**
 * Has a linear read what stands before convolutions, averages, concats and linears, where its own
 * weights and theirs together take less: all of them are one linear map, borders and all.
 *
 *     a : 64 x 8x8 = conv 3x3 64 pad 1 (x) weight w1 bias c1
 *     b : 32 x 8x8 = maxpool 3x3 pad 1 (x)
 *     y : 10 = linear 10 (concat (a, b)) weight w bias c
 *                        ->
 *     prepare wa = columns 0..4095 (w)     prepare wb = columns 4096..6143 (w)
 *     prepare w', c' = compose rows wa bias c weight w1 shift c1
 *     y:x = linear 10 (x) weight w' bias c'      y:b = linear 10 no bias (b) weight wb
 *     y = add (y:x, y:b)
 *
 * It does not go through a value that is returned, nor through activations, largest values or
 * products. A value that others read stays, and its making is not counted as saved.
 */
import { isNode, keepingOrder, type Graph, type Node } from "../graph/graph.js";
import { mergedOrigin, rewrite } from "../graph/rewrite.js";
import { unusedValues } from "../graph/verify.js";
import { resultValue, type Value } from "../graph/value.js";
import type { MaybeApplied } from "../ops/activations.js";
import { add } from "../ops/joins/add.js";
import { linear, type LinearAttrs } from "../ops/linear.js";
import { elements } from "../ops/shape.js";
import { effortOf, Needs } from "./effort.js";
import { withoutLeftOver } from "./left-over.js";
import { goThrough, isLearned, preparationThrough } from "./linear-nodes.js";
import { longestPreparation, preparing } from "./compose-weights.js";
import type { Firing, Pass, Refusal } from "./pass.js";

type Linear = Node<LinearAttrs>;

export const composeLinears: Pass = {
  name: "compose-linears",
  run(written, traits) {
    let graph = keepingOrder(written);
    let needs = new Needs(graph);
    const fired: Firing[] = [];
    const refused: Refusal[] = [];
    const unused = unusedValues(written);
    for (const node of written.nodes) {
      if (!isNode(node, linear) || unused.has(node.outputs[0]!)) continue;
      const { activation = "none" } = node.attrs;
      // One that becomes a sum leaves its activation to that.
      if (activation !== "none" && !traits.carries(add.name, { kind: "activation", activation })) {
        const why = `${traits.name} sums do not apply ${activation}`;
        refused.push({ paths: node.origin.paths, why });
        continue;
      }
      const ways = new Ways(node, needs);
      const through = ways.through(graph);
      const { paths } = mergedOrigin([...through, node]);
      if (through.length === 0) {
        const why = ways.obstacle();
        if (why !== undefined) refused.push({ paths, why });
        continue;
      }
      const nodes = new Map([[node, replacement(node, through)]]);
      graph = withoutLeftOver(rewrite(graph, { nodes }), graph);
      needs = new Needs(graph);
      fired.push({ paths, what: "composed to one linear map" });
    }
    return { graph, fired, refused };
  },
};

interface Way {
  /** Of what reads the value, and of what makes it where nothing else needs it. */
  readonly effort: number;
  /** The node that makes it, where it is better to read what that one reads. */
  readonly through?: Node;
}

/** At each value before a linear: whether to read it, or what it is made of. */
class Ways {
  private readonly known = new Map<Value, Way>();

  constructor(
    private readonly node: Linear,
    private readonly needs: Needs,
  ) {}

  /** The nodes that are composed, in the graph's order; none where that does not pay. */
  through({ nodes }: Graph): readonly Node[] {
    const found = new Set<Node>();
    const visit = (value: Value): void => {
      const { through } = this.way(value, false);
      if (through === undefined) return;
      found.add(through);
      through.inputs.forEach(visit);
    };
    const [input] = this.node.inputs;
    this.way(input!, false);
    visit(input!);
    return nodes.filter((node) => found.has(node));
  }

  /** Why the linear reads what another linear map makes, if it does. */
  obstacle(): string | undefined {
    const [input] = this.node.inputs;
    const before = this.needs.producers.get(input!);
    if (before === undefined || !isLearned(before)) return undefined;
    if (this.needs.outputs.has(input!)) return "a run returns the value between them";
    if (this.isLong(before)) return "preparing the weights of one map would take too long";
    return "one linear map would take more than they do";
  }

  /** @param sunk whether others need what a node before the value makes */
  private way(value: Value, sunk: boolean): Way {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const way = this.better(value, sunk);
    this.known.set(value, way);
    return way;
  }

  private better(value: Value, sunk: boolean): Way {
    const reading = { effort: this.reading(value) + (sunk ? 0 : this.needs.effort(value)) };
    const producer = this.needs.producers.get(value);
    if (producer === undefined || this.needs.outputs.has(value)) return reading;
    if (preparationThrough(producer, 1) === undefined || this.isLong(producer)) return reading;
    const gone = sunk || this.needs.stays(value);
    const inputs = [...new Set(producer.inputs)];
    const effort = inputs.reduce((sum, each) => sum + this.way(each, gone).effort, 0);
    return effort < reading.effort ? { effort, through: producer } : reading;
  }

  private isLong(producer: Node): boolean {
    const work = preparationThrough(producer, this.node.attrs.features);
    return work !== undefined && work > longestPreparation;
  }

  private reading(value: Value): number {
    const { primitive, attrs, outputs } = this.node;
    const weight = {
      ...this.node.weights["weight"]!,
      shape: [attrs.features, elements(value.shape)],
    };
    return effortOf({ primitive, attrs, inputs: [value], outputs, weights: { weight } });
  }
}

/** What a linear is multiplied with at one value, while it is brought to the ones before. */
interface Share {
  readonly weights: readonly Value[];
  readonly through: readonly Node[];
}

/** The linear of what stands before `through`, or the sum of several, after what prepares them. */
function replacement(node: Linear, through: readonly Node[]): readonly Node[] {
  const prepares: Node[] = [];
  const shares = new Map<Value, Share>();
  const give = (value: Value, weight: Value, nodes: readonly Node[]): void => {
    const { weights, through: others } = shares.get(value) ?? { weights: [], through: [] };
    const all = [...new Set([...others, ...nodes])];
    shares.set(value, { weights: [...weights, weight], through: all });
  };
  const take = (value: Value): { readonly weight: Value; readonly through: readonly Node[] } => {
    const share = shares.get(value)!;
    shares.delete(value);
    const [weight, ...others] = share.weights;
    if (others.length === 0) return { weight: weight!, through: share.through };
    const name = `${node.outputs[0]!.name}:${value.name}`;
    const attrs = { scales: share.weights.map(() => 1) };
    const sum = preparing(add, attrs, share.weights, {}, ["weight"], name, node.origin);
    prepares.push({ ...sum, outputs: [{ ...sum.outputs[0]!, name: `${name}.weight:sum` }] });
    return { weight: prepares.at(-1)!.outputs[0]!, through: share.through };
  };
  give(node.inputs[0]!, node.weights["weight"]!, []);
  let bias = node.weights["bias"];
  for (const before of [...through].reverse()) {
    const { weight, through: nodes } = take(before.outputs[0]!);
    const passed = [before, ...nodes];
    const origin = mergedOrigin([...passed, node]);
    const made = goThrough(before, { weight, bias }, node.outputs[0]!.name, origin);
    prepares.push(...made.prepares);
    bias = made.bias;
    made.weights.forEach((each, i) => give(before.inputs[i]!, each, passed));
  }
  const values = [...shares.keys()];
  const linears = values.map((value, i) => {
    const { weight, through: passed } = take(value);
    const own = i === 0 ? bias : undefined;
    return linearOf(node, value, { weight, bias: own }, passed, values.length > 1);
  });
  return [...prepares, ...linears, ...(values.length > 1 ? [sumOf(node, linears)] : [])];
}

function linearOf(
  node: Linear,
  value: Value,
  { weight, bias }: { readonly weight: Value; readonly bias: Value | undefined },
  through: readonly Node[],
  isPart: boolean,
): Linear {
  const [output] = node.outputs;
  return {
    ...node,
    attrs: {
      features: node.attrs.features,
      bias: bias !== undefined,
      ...(isPart ? {} : appliedOf(node.attrs)),
    },
    inputs: [value],
    outputs: isPart ? [resultValue(`${output!.name}:${value.name}`, output!)] : node.outputs,
    weights: { weight, ...(bias === undefined ? {} : { bias }) },
    origin: mergedOrigin([...through, node]),
  };
}

const appliedOf = ({ activation, alpha }: MaybeApplied): MaybeApplied => ({
  ...(activation === undefined ? {} : { activation }),
  ...(alpha === undefined ? {} : { alpha }),
});

/** Of several, the sum alone goes through the activation. */
const sumOf = ({ attrs, outputs, origin }: Linear, parts: readonly Node[]): Node => ({
  primitive: add,
  attrs: { ...appliedOf(attrs), scales: parts.map(() => 1) },
  inputs: parts.map((part) => part.outputs[0]!),
  outputs,
  weights: {},
  origin,
});
