import { describe, expect, it } from "vitest";
import { frontOf, headOf } from "../../src/autodiff/front.js";
import type { OutputLoss } from "../../src/autodiff/loss.js";
import { buildGraph } from "../../src/graph/build.js";
import { parametersOf } from "../../src/graph/graph.js";
import { uniform } from "../../src/runtime/weights/random.js";
import { interpret } from "../support/interpreter.js";
import { networkOf, randomWeights } from "../support/network.js";
import type { Weights } from "../support/weights.js";

const lossOf = (output: string): OutputLoss => ({ output, kind: "cross_entropy", targets: output });

/** The front where the parameters of these beginnings are frozen. */
function front(body: string, frozen: readonly string[], trained = ["prob"]): string | undefined {
  const network = networkOf(`model Net {\n input image: f32[3, 8, 8]\n${body}\n}`);
  const names = parametersOf(buildGraph(network, { aux: true })).map(({ name }) => name);
  const kept = names.filter((name) => frozen.some((start) => name.startsWith(start)));
  return frontOf(network, { losses: trained.map(lossOf), frozen: kept });
}

const plain = `
  a: conv(3x3, 4) -> relu
  b: conv(3x3, 4, norm: batchnorm, act: relu) -> maxpool(2x2)
  output prob: globalavgpool -> dropout(0.5) -> linear(3) as fc -> softmax`;

describe("the front ends", () => {
  it.each([
    [["a"], "a.1"],
    [["a", "b"], "prob.0"],
    [["a", "b.0.conv"], "a.1"],
    [["b"], undefined],
    [[], undefined],
  ])("where what learns, measures or drops begins: %j frozen", (frozen, path) => {
    expect(front(plain, frozen)).toBe(path);
  });

  it("nowhere in a network of several inputs, of which only one would be kept", () => {
    const two = `  input mask: f32[3, 8, 8]
  a: mul { image: conv(1x1, 3)  mask: from mask -> sigmoid }
  output prob: globalavgpool -> linear(3) as fc -> softmax`;
    expect(front(two, ["a"])).toBeUndefined();
  });

  it("nowhere in what is frozen behind something that learns", () => {
    expect(front(plain, ["a", "b", "fc"])).toBe("prob.0");
    expect(front(plain, ["b", "fc"])).toBeUndefined();
  });

  it("before what several branches read, and after all of them where none learns", () => {
    const body = `
      a: conv(1x1, 4)
      mixed: concat { x: conv(1x1, 2)  y: maxpool(3x3/1, pad: same) -> conv(1x1, 2) }
      output prob: globalavgpool -> linear(3) as fc`;
    expect(front(body, ["a", "mixed"])).toBe("prob.0");
    expect(front(body, ["a", "mixed.y"])).toBe("a");
  });

  it("where nothing behind it reads past it", () => {
    const body = `
      a: conv(1x1, 4)
      b: conv(3x3, 4)
      c: add { x: conv(1x1, 4)  y: from a -> relu }
      output prob: globalavgpool -> linear(3) as fc`;
    expect(front(body, ["a", "b"])).toBe("a");
    expect(front(body, ["a", "b", "c"])).toBe("prob.0");
    const past = `
      a: conv(1x1, 4)
      b: concat { x: conv(1x1, 4)  y: from image -> relu }
      output prob: globalavgpool -> linear(3) as fc`;
    expect(front(past, ["a"])).toBeUndefined();
  });

  it("without regard to heads and outputs that are not trained", () => {
    const body = `
      a: conv(1x1, 4)
      aux side: globalavgpool -> linear(3)
      output early: globalavgpool -> linear(3)
      b: conv(3x3, 4)
      output prob: globalavgpool -> linear(3) as fc`;
    expect(front(body, ["a", "b"])).toBe("prob.0");
    expect(front(body, ["a", "b"], ["prob", "side"])).toBe("a");
    expect(front(body, ["a", "b"], ["prob", "early"])).toBe("a");
  });
});

const asDoubles = (weights: ReadonlyMap<string, Float32Array>): Weights =>
  new Map([...weights].map(([name, values]) => [name, Float64Array.from(values)]));

it("and the head behind it make the network", () => {
  const network = networkOf(`model Net {
    input image: f32[3, 8, 8]
    a: conv(3x3, 4) -> relu
    mixed: concat { x: conv(1x1, 2)  y: maxpool(3x3/1, pad: same) -> conv(1x1, 2) }
    skip: add { m: maxpool(1x1)  n: from mixed -> relu }
    output prob: globalavgpool -> linear(3) as fc -> softmax
  }`);
  const whole = buildGraph(network, { taps: ["mixed"] });
  const head = buildGraph(headOf(network, "mixed", [lossOf("prob")]));
  expect(parametersOf(head).map(({ name }) => name)).toEqual(["fc.weight", "fc.bias"]);
  const weights = asDoubles(randomWeights(whole, 1));
  const image = uniform("image", 3 * 8 * 8, -1, 1);
  const expected = interpret(whole, image, weights);
  const got = interpret(head, expected.get("mixed")!, weights);
  expect([...got.get("prob")!]).toEqual([...expected.get("prob")!]);
});
