import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { projectOf } from "../../src/build/project/project.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { type Classes, classesOf } from "../../src/emit/classes.js";
import { manifestOf } from "../../src/emit/manifest.js";
import { interpret } from "../support/interpreter.js";
import { networkOf } from "../support/network.js";
import { weightsFor } from "../support/weights.js";
import { Random } from "../support/random.js";

const model = (tail: string): string =>
  `model Net { input image: f32[3, 4, 4] output y: conv(1x1, 4) -> ${tail} }`;

/** What the manifest says of the only output, built with and without passes. */
function classesIn(tail: string): Classes[] {
  const network = networkOf(model(tail));
  return [true, false].map((passes) => {
    const request = { spec: "net.incept", network, target: "cpu", passes } as const;
    const project = projectOf(request, { ...variantOf(request), levels: ["avx512"] });
    return manifestOf(project, "net.node").outputs[0]!.classes;
  });
}

describe("what the values of an output are", () => {
  it.each<[Classes, string]>([
    ["distribution", "linear(4) -> softmax"],
    ["distribution", "globalavgpool -> softmax"],
    ["distribution", "globalavgpool -> softmax -> flatten"],
    ["distribution", "globalavgpool -> softmax -> dropout(0.5) -> identity -> flatten"],
    ["distribution", "linear(4) -> softmax -> expect(4)"],
    ["distribution", "globalavgpool -> softmax -> avgpool(1x1)"],
    ["distribution", "globalavgpool -> softmax -> maxpool(1x1) -> adaptiveavgpool(1x1)"],
    ["distribution", "globalavgpool -> softmax -> maxpool(3x3/1, pad: same)"],
    ["distribution", "softmax -> globalavgpool"],
    ["distribution", "softmax -> maxpool(1x1/2) -> avgpool(2x2)"],
    ["distribution", "softmax -> avgpool(3x3/3, pad: 1, count_pad: false) -> globalavgpool"],
    ["distribution", "linear(4) -> softmax -> relu"],
    ["distribution", "linear(4) -> softmax -> concat { only: identity }"],
    ["distribution", "linear(4) -> add { a: softmax b: softmax } -> scale(0.5)"],
    ["distribution", "linear(4) -> concat { a: softmax -> scale(0.5) b: softmax -> scale(0.5) }"],
    ["distribution", "linear(4) -> softmax -> softmax"],
    ["distribution", "linear(4) -> softmax -> mul { only: identity }"],
    ["distribution", "linear(4) -> softmax -> max { only: identity }"],
    ["independent", "linear(4) -> mul { a: softmax b: sigmoid }"],
    ["independent", "linear(4) -> mul { a: tanh b: tanh } -> scale(0.5, shift: 0.5)"],
    ["independent", "linear(4) -> max { a: softmax b: sigmoid }"],
    ["independent", "linear(4) -> max { a: tanh b: sigmoid }"],
    ["independent", "linear(4) -> sigmoid"],
    ["independent", "linear(4) -> sigmoid -> flatten -> dropout(0.5)"],
    ["independent", "conv(4x4, 9, pad: 0, act: sigmoid)"],
    ["independent", "conv(4x4, 9, pad: 0) -> sigmoid"],
    ["independent", "sigmoid -> globalavgpool"],
    ["independent", "sigmoid -> maxpool(4x4)"],
    ["independent", "softmax -> maxpool(4x4)"],
    ["independent", "softmax -> flatten"],
    ["independent", "softmax -> avgpool(4x4, pad: 1) -> globalavgpool"],
    ["independent", "linear(4) -> concat { a: softmax b: softmax }"],
    ["independent", "linear(4) -> concat { a: softmax b: sigmoid }"],
    ["independent", "linear(4) -> softmax -> scale([1, 0.5, 0.5, 1])"],
    ["independent", "linear(4) -> tanh -> scale(0.5, shift: 0.5)"],
    ["logits", "linear(4)"],
    ["logits", "globalavgpool"],
    ["logits", "linear(4) -> relu"],
    ["logits", "linear(4) -> tanh"],
    ["logits", "linear(4) -> tanh -> scale(10)"],
    ["logits", "linear(4) -> softmax -> scale(2)"],
    ["logits", "linear(4) -> softmax -> scale(-1)"],
    ["logits", "linear(4) -> softmax -> linear(4)"],
    ["logits", "linear(4) -> sigmoid -> batchnorm"],
    ["logits", "softmax -> lrn(3) -> globalavgpool"],
    ["logits", "linear(4) -> add { a: softmax b: softmax }"],
    ["logits", "linear(4) -> add { a: sigmoid b: identity }"],
    ["logits", "linear(4) -> mul { a: softmax b: identity }"],
    ["logits", "linear(4) -> mul { a: relu b: softmax }"],
    ["logits", "linear(4) -> max { a: relu b: softmax }"],
    ["logits", "linear(4) -> residual { softmax }"],
    ["logits", "linear(4) -> concat { a: softmax b: identity }"],
  ])("%s: %s", (classes, tail) => {
    expect(classesIn(tail)).toEqual([classes, classes]);
  });
});

describe("what is claimed of an output's values", () => {
  const step = fc.constantFrom(
    ..."softmax softmax sigmoid tanh relu identity flatten globalavgpool scale(0.5) scale(-1)".split(
      " ",
    ),
    "scale([0.25, 1], shift: [0.5, 0])",
    "scale(0.5, shift: 0.5)",
    "conv(1x1, 2, act: sigmoid)",
    "avgpool(2x2/1, pad: 1)",
    "avgpool(2x2/1, pad: 1, count_pad: false)",
    "avgpool(2x2, ceil: true)",
    "maxpool(2x2/1)",
    "maxpool(3x3/2, pad: same)",
    "add { a: softmax b: scale(0.5) }",
    "add { a: softmax b: globalavgpool -> sigmoid }",
    "mul { a: sigmoid b: softmax }",
    "mul { a: tanh b: globalavgpool -> scale(-1) }",
    "max { a: softmax b: tanh }",
    "concat { a: softmax b: sigmoid } -> conv(1x1, 2)",
    "residual(scale: 0.5) { softmax }",
  );
  const end = fc.constantFrom([], ["flatten"], ["globalavgpool"], ["softmax", "globalavgpool"]);
  const chain = fc
    .tuple(fc.array(step, { minLength: 1, maxLength: 4 }), end)
    .map(([steps, last]) => [...steps, ...last]);

  /** Steps that do not fit one another, such as a pool behind a flatten, are no networks. */
  const graphOf = (steps: readonly string[]): ReturnType<typeof projectOf>["graph"] | undefined => {
    try {
      const text = `model Net { input image: f32[2, 3, 3] output y: ${steps.join(" -> ")} }`;
      const request = { spec: "net.incept", network: networkOf(text), target: "cpu" } as const;
      return projectOf(request, { ...variantOf(request), levels: ["avx512"] }).graph;
    } catch {
      return undefined;
    }
  };

  it("holds for the numbers that come out", () => {
    const seen = { distribution: 0, independent: 0, logits: 0 };
    fc.assert(
      fc.property(chain, fc.nat(), (steps, seed) => {
        const graph = graphOf(steps);
        const output = graph?.outputs[0];
        if (graph === undefined || output === undefined) return;
        if (output.value.shape.slice(1).some((side) => side !== 1)) return;
        const classes = classesOf(graph).get(output.value) ?? "logits";
        seen[classes]++;
        const random = new Random(seed);
        const image = Array.from({ length: 18 }, () => 20 * random.next() - 10);
        const values = [...interpret(graph, image, weightsFor(graph, seed)).get("y")!];
        if (classes === "logits") return;
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...values)).toBeLessThanOrEqual(1 + 1e-9);
        if (classes === "distribution") {
          expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
        }
      }),
      { numRuns: 1000, seed: 1 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50);
  });
});
