import { activationPrimitives } from "../../src/ops/activations.js";
import { describe, expect, test } from "vitest";
import { adaptiveAvgPool } from "../../src/ops/adaptive-pool.js";
import { linear } from "../../src/ops/linear.js";
import type { PoolAttrs } from "../../src/ops/pool-attrs.js";
import { avgPool, maxPool } from "../../src/ops/pool2d.js";
import { softmax } from "../../src/ops/softmax.js";
import { noPads } from "../../src/ops/window.js";
import type { TargetTraits } from "../../src/passes/pass.js";
import { fuseActivation } from "../../src/passes/fuse-activation.js";
import { GraphWriter } from "../support/graphs.js";
import { nodeRows, runPass, traits } from "../support/passes.js";

const window: PoolAttrs = {
  kernel: [2, 2],
  stride: [1, 1],
  pads: noPads,
  ceil: false,
  countPad: true,
};

const { leakyrelu, relu, sigmoid, tanh } = activationPrimitives;

test.each(Object.values(activationPrimitives))(
  "$name joins the convolution before it",
  (activation) => {
    const w = new GraphWriter([3, 6, 5]);
    const b = w.node("b", activation, [w.conv("a", w.input, 4, { size: 3 })], {});
    const { graph, fired } = runPass(fuseActivation, w.output(b).graph());
    expect(nodeRows(graph)).toEqual([
      `b : 4 x 6x5 = conv 3x3 4 pad 1 ${activation.name} (image) weight a.weight bias a.bias`,
    ]);
    const what = `${activation.name} fused into the convolution`;
    expect(fired).toEqual([{ paths: ["a", "b"], what }]);
  },
);

test.each(Object.values(activationPrimitives))(
  "$name joins the linear or the sum before it",
  (activation) => {
    const w = new GraphWriter([3, 6, 5]);
    const sum = w.node("s", activation, [w.add("a", w.input, w.input)], {});
    const y = w.node("y", linear, [sum], { features: 4, bias: true });
    const { graph, fired } = runPass(
      fuseActivation,
      w.output(w.node("b", activation, [y], {})).graph(),
    );
    expect(nodeRows(graph)).toEqual([
      `s : 3 x 6x5 = add ${activation.name} (image, image)`,
      `b : 4 = linear 4 ${activation.name} (s) weight y.weight bias y.bias`,
    ]);
    expect(fired.map(({ what }) => what)).toEqual([
      `${activation.name} fused into the sum`,
      `${activation.name} fused into the linear`,
    ]);
  },
);

test.each(Object.values(activationPrimitives))("$name joins the pool before it", (activation) => {
  const w = new GraphWriter([3, 6, 5]);
  const largest = w.node("a", maxPool, [w.input], window);
  const averages = w.node("b", avgPool, [w.node("x", activation, [largest], {})], window);
  const bins = w.node("c", adaptiveAvgPool, [w.node("y", activation, [averages], {})], {
    size: [2, 1],
  });
  const { graph, fired } = runPass(
    fuseActivation,
    w.output(w.node("z", activation, [bins], {})).graph(),
  );
  expect(nodeRows(graph)).toEqual([
    `x : 3 x 5x4 = maxpool 2x2 ${activation.name} (image)`,
    `y : 3 x 4x3 = avgpool 2x2 ${activation.name} (x)`,
    `z : 3 x 2x1 = adaptiveavgpool 2x1 ${activation.name} (y)`,
  ]);
  const what = `${activation.name} fused into the pool`;
  expect(fired.map((firing) => firing.what)).toEqual([what, what, what]);
});

test("the number of an activation joins with it", () => {
  const w = new GraphWriter([3, 6, 5]);
  const b = w.node("b", leakyrelu, [w.conv("a", w.input, 4)], { alpha: 0.2 });
  expect(nodeRows(runPass(fuseActivation, w.output(b).graph()).graph)).toEqual([
    "b : 4 x 6x5 = conv 1x1 4 leakyrelu 0.2 (image) weight a.weight bias a.bias",
  ]);
});

describe("it does not fuse", () => {
  const refusals = (graph: ReturnType<GraphWriter["graph"]>, on = traits): readonly string[] => {
    const result = runPass(fuseActivation, graph, on);
    expect(nodeRows(result.graph)).toEqual(nodeRows(graph));
    return result.refused.map(({ why }) => why);
  };

  test("where the value before the activation is tapped", () => {
    const w = new GraphWriter([3, 6, 5]);
    const a = w.conv("a", w.input, 4);
    const graph = w
      .output(w.node("b", relu, [a], {}))
      .output(a, "tap")
      .graph();
    expect(refusals(graph)).toEqual(["a run returns the convolution's own value"]);
  });

  test("where it has another reader", () => {
    const w = new GraphWriter([3, 6, 5]);
    const a = w.conv("a", w.input, 4);
    const graph = w.output(w.add("s", a, w.node("b", relu, [a], {}))).graph();
    expect(refusals(graph)).toEqual(["the convolution's own value has other readers"]);
  });

  test("what the target's convolution lacks", () => {
    const w = new GraphWriter([3, 6, 5]);
    const graph = w.output(w.node("b", tanh, [w.conv("a", w.input, 4)], {})).graph();
    const carries: TargetTraits["carries"] = (primitive, epilogue) =>
      primitive === "conv" && epilogue.kind === "activation" && epilogue.activation === "relu";
    const plain = { ...traits, carries };
    expect(refusals(graph, plain)).toEqual(["test convolutions do not apply tanh"]);
  });

  test("what the target's pool lacks", () => {
    const w = new GraphWriter([3, 6, 5]);
    const graph = w
      .output(w.node("b", relu, [w.node("a", avgPool, [w.input], window)], {}))
      .graph();
    const plain = { ...traits, carries: () => false };
    expect(refusals(graph, plain)).toEqual(["test pools do not apply relu"]);
  });

  test("into anything else", () => {
    const w = new GraphWriter([3, 6, 5]);
    const graph = w.output(w.node("b", relu, [w.concat("j", w.input, w.input)], {})).graph();
    expect(refusals(graph)).toEqual(["follows concat, not a convolution, linear, sum or pool"]);
  });

  test("a second activation, or a softmax", () => {
    const w = new GraphWriter([3, 6, 5]);
    const a = w.conv("a", w.input, 4, { activation: "relu" });
    const s = w.node("s", softmax, [w.conv("d", w.node("b", sigmoid, [a], {}), 2)], {});
    expect(refusals(w.output(s).graph())).toEqual(["the convolution already applies relu"]);
  });
});
