import { describe, expect, test } from "vitest";
import type { Value } from "../../../src/graph/value.js";
import { clipped } from "../../../src/import/normal/clipped.js";
import { products } from "../../../src/import/normal/products.js";
import { activationPrimitives, type Activation } from "../../../src/ops/activations.js";
import { max } from "../../../src/ops/joins/max.js";
import { mul } from "../../../src/ops/joins/mul.js";
import { scale } from "../../../src/ops/scale.js";
import { GraphWriter } from "../../support/graphs.js";
import { expectUntouched, held, rowsOf } from "./hold.js";

/** Parts of formulas, each called by its number. */
class Formula extends GraphWriter {
  private count = 0;

  constructor() {
    super([3, 4, 5]);
  }

  of(name: Activation, x: Value): Value {
    return this.node(this.next(), activationPrimitives[name], [x], {});
  }

  scaled(x: Value, factor: number, shift = 0): Value {
    return this.node(this.next(), scale, [x], { scale: [factor], shift: [shift] });
  }

  product(...values: readonly Value[]): Value {
    return this.node(this.next(), mul, values, {});
  }

  largest(...values: readonly Value[]): Value {
    return this.node(this.next(), max, values, {});
  }

  sum(...values: readonly Value[]): Value {
    return this.add(this.next(), ...values);
  }

  private next(): string {
    return `v${this.count++}`;
  }
}

const c = Math.sqrt(2 / Math.PI);

/** tanh(√(2/π) (x + 0.044715 x³)) */
const bend = (w: Formula, x: Value, cube = w.product(w.product(x, x), x)): Value =>
  w.of("tanh", w.scaled(w.sum(x, w.scaled(cube, 0.044715)), Math.fround(c)));

describe("it is read as one activation:", () => {
  test.each<[string, string, (w: Formula, x: Value) => Value]>([
    ["silu", "x sigmoid(x)", (w, x) => w.product(x, w.of("sigmoid", x))],
    ["silu", "sigmoid(x) x", (w, x) => w.product(w.of("sigmoid", x), x)],
    ["hardswish", "x hardsigmoid(x)", (w, x) => w.product(x, w.of("hardsigmoid", x))],
    [
      "hardsigmoid",
      "relu6(x + 3) / 6",
      (w, x) => w.scaled(w.of("relu6", w.scaled(x, 1, 3)), 1 / 6),
    ],
    [
      "hardswish",
      "x (relu6(x + 3) / 6)",
      (w, x) => w.product(w.scaled(w.of("relu6", w.scaled(x, 1, 3)), Math.fround(1 / 6)), x),
    ],
    [
      "hardswish",
      "(x relu6(x + 3)) / 6",
      (w, x) => w.scaled(w.product(x, w.of("relu6", w.scaled(x, 1, 3))), 1 / 6),
    ],
    [
      "hardswish",
      "(x / 6) relu6(x + 3)",
      (w, x) => w.product(w.scaled(x, 1 / 6), w.of("relu6", w.scaled(x, 1, 3))),
    ],
    [
      "gelu_tanh",
      "(x / 2) (1 + tanh)",
      (w, x) => w.product(w.scaled(x, 0.5), w.scaled(bend(w, x), 1, 1)),
    ],
    [
      "gelu_tanh",
      "(x (1 + tanh)) / 2",
      (w, x) => w.scaled(w.product(w.scaled(bend(w, x), 1, 1), x), 0.5),
    ],
    [
      "gelu_tanh",
      "x (tanh / 2 + 1 / 2), the cube at once",
      (w, x) => w.product(x, w.scaled(bend(w, x, w.product(x, x, x)), 0.5, 0.5)),
    ],
    ["leakyrelu 0.1", "max(x, 0.1 x)", (w, x) => w.largest(x, w.scaled(x, 0.1))],
    ["leakyrelu 0.1", "max(0.1 x, x)", (w, x) => w.largest(w.scaled(x, 0.1), x)],
    ["relu6", "relu6(relu(x))", (w, x) => w.of("relu6", w.of("relu", x))],
  ])("%s, written as %s", async (name, _, formula) => {
    const w = new Formula();
    // What rounding 1/6 and √(2/π) to f32 makes of a result.
    const after = await held(
      w.output(formula(w, w.conv("x", w.input, 3)), "y").graph(),
      undefined,
      1e-7,
    );
    expect(rowsOf(after)).toEqual([
      expect.stringContaining("conv 1x1 3 (image)"),
      expect.stringContaining(`3 x 4x5 = ${name} (x)`),
    ]);
  });
});

describe("it stays as it is:", () => {
  test.each<[string, (w: Formula, x: Value) => Value]>([
    ["the gate of another value", (w, x) => w.product(x, w.of("sigmoid", w.of("relu", x)))],
    ["another number", (w, x) => w.scaled(w.of("relu6", w.scaled(x, 1, 3)), 1 / 5)],
    ["another shift", (w, x) => w.product(x, w.scaled(w.of("relu6", w.scaled(x, 1, 2)), 1 / 6))],
    ["half of a silu", (w, x) => w.product(w.scaled(x, 0.5), w.of("sigmoid", x))],
    ["another half", (w, x) => w.product(x, w.scaled(w.of("tanh", x), 1, 1))],
    [
      "a square",
      (w, x) => w.product(w.scaled(x, 0.5), w.scaled(bend(w, x, w.product(x, x)), 1, 1)),
    ],
    ["a slope of 1 and more", (w, x) => w.largest(x, w.scaled(x, 1.5))],
    ["a slope below 0", (w, x) => w.largest(x, w.scaled(x, -0.5))],
    ["the largest of two others", (w, x) => w.largest(w.of("relu", x), w.scaled(x, 0.5))],
    ["three factors", (w, x) => w.product(x, w.of("sigmoid", x), x)],
  ])("%s", async (_, formula) => {
    const w = new Formula();
    await expectUntouched(w.output(formula(w, w.conv("x", w.input, 3)), "y").graph(), [
      clipped,
      products,
    ]);
  });

  test.each<[string, (w: Formula, x: Value) => readonly [inner: Value, outer: Value]]>([
    [
      "the gate",
      (w, x) => {
        const gate = w.of("sigmoid", x);
        return [gate, w.product(x, gate)];
      },
    ],
    [
      "what is cut off",
      (w, x) => {
        const cut = w.of("relu6", w.scaled(x, 1, 3));
        return [cut, w.scaled(cut, 1 / 6)];
      },
    ],
    [
      "the line",
      (w, x) => {
        const line = w.scaled(x, 0.5);
        return [line, w.largest(line, x)];
      },
    ],
    [
      "what is limited at 0",
      (w, x) => {
        const cut = w.of("relu", x);
        return [cut, w.of("relu6", cut)];
      },
    ],
  ])("where others need %s", async (_, formula) => {
    const w = new Formula();
    const [inner, outer] = formula(w, w.conv("x", w.input, 3));
    await expectUntouched(w.output(outer, "y").output(inner, "inner").graph(), [clipped, products]);
  });
});
