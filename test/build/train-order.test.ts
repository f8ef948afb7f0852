import { expect, test } from "vitest";
import { inOrder } from "../../src/build/choose/train-order.js";
import { trainRequestOf } from "../../src/build/choose/train-request.js";
import { networkOf } from "../support/network.js";

const spec = `model N {
  input image: f32[3, 4, 4]
  a: conv(1x1, 4)
  aux early(weight: 0.3): globalavgpool -> linear(2)
  output prob: globalavgpool -> linear(2)
  train { loss: cross_entropy(ignore: 1, class_weights: [1, 2]) }
}`;

test("a spec asks for the losses of its outputs and heads, and freezes nothing", () => {
  const more = { kind: "cross_entropy", targets: "prob", classWeights: true, ignore: 1 };
  expect(trainRequestOf(networkOf(spec))).toEqual({
    losses: [
      { output: "early", ...more },
      { output: "prob", ...more },
    ],
    frozen: [],
  });
});

test("who asks for the same in another order asks for the same build", () => {
  const { losses } = trainRequestOf(networkOf(spec));
  const other = { losses: [...losses].reverse(), frozen: ["b", "a", "b"] };
  expect(inOrder(other)).toEqual({ losses, frozen: ["a", "b"] });
});

test("a network whose losses have to be said says so with its findings", () => {
  const one = networkOf("model O { input x: f32[3] output y: linear(1) }");
  expect(() => trainRequestOf(one)).toThrow(
    /O cannot be trained as it is[^]*sigmoid_cross_entropy/,
  );
});
