import type { Node } from "../../graph/graph.js";
import { type Parameter, parameterValue, type Value } from "../../graph/value.js";
import { groupnorm } from "../../ops/groupnorm.js";
import type { ImageNormAttrs } from "../../ops/image-norm-attrs.js";
import { l2norm } from "../../ops/l2norm.js";
import { layernorm } from "../../ops/layernorm.js";
import { scale, type ScaleAttrs } from "../../ops/scale.js";
import type { StoredWeight } from "../imported.js";

interface Affine {
  readonly norm: Node<ImageNormAttrs>;
  readonly factors: readonly number[];
  readonly offsets: readonly number[];
}

const norms = [groupnorm, layernorm, l2norm].map(({ name }) => name);

/**
 * Factors and offsets behind a norm are the norm's own: where ONNX had no such norm, exporters write
 * it as nodes with a Mul and an Add behind them.
 *
 *     u = groupnorm 32 groups not affine (x)
 *     v = scale [w…] shift [0] (u)
 *     y = scale [1] shift [b…] (v)
 *     -> y = groupnorm 32 groups (x) weight w bias b
 *
 * Not of what others read too, nor of one number for all channels.
 *
 * @param weights gets those of the norms
 * @param kept values that have to stay: outputs
 */
export function withAffineNorms(
  nodes: readonly Node[],
  weights: Map<Parameter, StoredWeight>,
  kept: ReadonlySet<Value>,
): readonly Node[] {
  const readers = new Map<Value, number>();
  for (const { inputs } of nodes) {
    for (const value of inputs) readers.set(value, (readers.get(value) ?? 0) + 1);
  }
  const isInner = (value: Value): boolean => readers.get(value) === 1 && !kept.has(value);
  const found = new Map<Value, Affine>();
  const taken = new Set<Node>();
  for (const node of nodes) {
    const before = isNorm(node) ? plain(node) : undefined;
    if (before !== undefined) found.set(node.outputs[0]!, before);
    const [input] = node.inputs;
    const affine = input && isInner(input) ? found.get(input) : undefined;
    const more = affine && isScale(node) ? scaled(affine, node) : undefined;
    if (more === undefined || input === undefined) continue;
    found.delete(input);
    found.set(node.outputs[0]!, more);
    taken.add(more.norm).add(node);
  }
  const made = new Map(
    [...found].map(([value, affine]) => [value, learned(affine, value, weights)]),
  );
  return nodes.flatMap((node) => {
    const own = made.get(node.outputs[0]!);
    if (taken.has(node)) return own === undefined ? [] : [own];
    return [node];
  });
}

const isNorm = (node: Node): node is Node<ImageNormAttrs> => norms.includes(node.primitive.name);
const isScale = (node: Node): node is Node<ScaleAttrs> => node.primitive.name === scale.name;

function plain(norm: Node<ImageNormAttrs>): Affine | undefined {
  const { scale: factor, shift } = norm.attrs;
  return factor || shift ? undefined : { norm, factors: [1], offsets: [0] };
}

function scaled(
  { norm, factors, offsets }: Affine,
  { attrs }: Node<ScaleAttrs>,
): Affine | undefined {
  const count = norm.outputs[0]!.shape[0]!;
  const each = (list: readonly number[], c: number): number => list[list.length === 1 ? 0 : c]!;
  const isList = [attrs.scale, attrs.shift].some((list) => list.length === count);
  const moves = attrs.shift.some((offset) => offset !== 0);
  if (!isList || (moves && norm.primitive.name === l2norm.name)) return undefined;
  const all = Array.from({ length: count }, (_, c) => c);
  return {
    norm,
    factors: all.map((c) => each(factors, c) * each(attrs.scale, c)),
    offsets: all.map((c) => each(offsets, c) * each(attrs.scale, c) + each(attrs.shift, c)),
  };
}

/** The norm in place of its last factor or offset, whose value it makes. */
function learned(affine: Affine, value: Value, weights: Map<Parameter, StoredWeight>): Node {
  const { norm, factors, offsets } = affine;
  const scale = factors.some((factor) => factor !== 1);
  const shift = offsets.some((offset) => offset !== 0);
  const parameter = (role: "weight" | "bias", numbers: readonly number[]): Parameter => {
    const name = `${value.name}.${role}`;
    const spec = { name, suffix: role, shape: [numbers.length], fanIn: 0 };
    const own = parameterValue({ ...spec, role: role === "weight" ? "gamma" : "beta" });
    weights.set(own, { name, read: () => Promise.resolve(Float32Array.from(numbers)) });
    return own;
  };
  return {
    ...norm,
    attrs: { ...norm.attrs, scale, shift },
    outputs: [value],
    weights: {
      ...(scale && { weight: parameter("weight", factors) }),
      ...(shift && { bias: parameter("bias", offsets) }),
    },
  };
}
