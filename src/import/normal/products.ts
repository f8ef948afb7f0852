/**
 * Activations that a file writes as products.
 *
 *     s = sigmoid (x)            y = mul (x, s)              ->   y = silu (x)
 *     s = hardsigmoid (x)        y = mul (x, s)              ->   y = hardswish (x)
 *     a = scale 1 shift 3 (x)    b = relu6 (a)
 *     m = mul (x, b)             y = scale 1/6 shift 0 (m)   ->   y = hardswish (x)
 *     h = scale 1/2 shift 0 (x)  t = tanh (√(2/π) (x + 0.044715 x³))
 *     u = scale 1 shift 1 (t)    y = mul (h, u)              ->   y = gelu_tanh (x)
 *
 * In whichever order, and whatever is multiplied by the number. It does not touch a product whose
 * factors are needed elsewhere, nor one by other numbers, compared as those of f32 are.
 */
import { isNode, type Node } from "../../graph/graph.js";
import type { Value } from "../../graph/value.js";
import { type Activation, activationPrimitives } from "../../ops/activations.js";
import { add } from "../../ops/joins/add.js";
import { mul } from "../../ops/joins/mul.js";
import { scale, type ScaleAttrs } from "../../ops/scale.js";
import { aloneOf } from "./alone.js";
import { instead, rule, type Site } from "./rule.js";
import { isF32, isMultiple, multipleOf, scaledBy } from "./scales.js";

export const products = rule("products", (node, site) => {
  const product = productOf(node, site);
  if (product === undefined) return undefined;
  for (const [x, gate] of [product.operands, [...product.operands].reverse()] as [Value, Value][]) {
    const found = activationOf(x, gate, product.factor, site);
    if (found) return { nodes: [instead(node, activationPrimitives[found], [x], {})] };
  }
  return undefined;
});

interface Product {
  readonly factor: number;
  readonly operands: readonly [Value, Value];
}

/** A product of two values and a number, which may stand at any of the three. */
function productOf(node: Node, site: Site): Product | undefined {
  const outer = isNode(node, scale) ? node : undefined;
  if (outer !== undefined && !isMultiple(outer.attrs)) return undefined;
  const product = outer === undefined ? node : aloneOf(outer.inputs[0], mul, site);
  if (product === undefined || !isNode(product, mul) || product.inputs.length !== 2) {
    return undefined;
  }
  const plain = product.inputs.map((of) => multipleOf(of, site) ?? { factor: 1, of });
  const [left, right] = plain as [(typeof plain)[0], (typeof plain)[0]];
  const factor = (outer?.attrs.scale[0] ?? 1) * left.factor * right.factor;
  return { factor, operands: [left.of, right.of] };
}

const { sigmoid, hardsigmoid, relu6, tanh } = activationPrimitives;

/** What factor * x * gate is of x. */
function activationOf(x: Value, gate: Value, factor: number, site: Site): Activation | undefined {
  if (isF32(factor, 1) && aloneOf(gate, sigmoid, site)?.inputs[0] === x) return "silu";
  if (isF32(factor, 1) && aloneOf(gate, hardsigmoid, site)?.inputs[0] === x) return "hardswish";
  if (isF32(factor, 1 / 6)) {
    const clipped = aloneOf(gate, relu6, site);
    return clipped && scaledBy(clipped.inputs[0], 1, 3, site) === x ? "hardswish" : undefined;
  }
  const raised = aloneOf(gate, scale, site);
  if (raised === undefined || !halves(raised.attrs, factor)) return undefined;
  const curve = aloneOf(raised.inputs[0], tanh, site)?.inputs[0];
  return curve && curveOf(curve, site) === x ? "gelu_tanh" : undefined;
}

/** Whether factor * (t * scale + shift) is (t + 1) / 2. */
const halves = ({ scale: factors, shift }: ScaleAttrs, factor: number): boolean =>
  factors.length === 1 &&
  shift.length === 1 &&
  isF32(factors[0]! * factor, 0.5) &&
  isF32(shift[0]! * factor, 0.5);

/** The x of which a value is √(2/π) (x + 0.044715 x³). */
function curveOf(value: Value, site: Site): Value | undefined {
  const multiple = multipleOf(value, site);
  if (multiple === undefined || !isF32(multiple.factor, Math.sqrt(2 / Math.PI))) return undefined;
  const sum = aloneOf(multiple.of, add, site);
  const [one, cubed, ...others] = sum?.attrs.scales ?? [];
  if (one !== 1 || cubed === undefined || others.length > 0) return undefined;
  const [x, cube] = sum!.inputs as [Value, Value];
  return isF32(cubed, 0.044715) && isCube(cube, x, site) ? x : undefined;
}

function isCube(value: Value, x: Value, site: Site): boolean {
  const product = aloneOf(value, mul, site);
  if (product === undefined) return false;
  const factors = product.inputs.flatMap((factor) =>
    factor === x ? [x] : (aloneOf(factor, mul, site)?.inputs ?? [factor]),
  );
  return factors.length === 3 && factors.every((factor) => factor === x);
}
