/**
 * The specs of the family against independent implementations, stage by stage: exported to ONNX and run
 * with the same weights in ONNX Runtime, so that the spec is judged and no kernel of ours.
 */
import { expect, test } from "vitest";
import { exportOnnx } from "../../src/onnx/export.js";
import { judgedAsSpecs } from "../support/examples.js";
import { family, familyFixture, familyNetwork, farStages, tappedGraph } from "../support/family.js";
import { OnnxModel } from "../support/onnxruntime.js";

type Change = (text: string) => string;

async function judged(name: string, change?: Change): Promise<readonly string[]> {
  const fixture = familyFixture(name);
  const graph = tappedGraph(familyNetwork(fixture, change), fixture);
  const onnx = await OnnxModel.open(graph, exportOnnx(graph, fixture.weights(graph)));
  const outputs = await onnx.run(fixture.image(graph));
  await onnx.close();
  return farStages(fixture, outputs);
}

test("has every example that no test builds", () => {
  expect(family).toEqual(expect.arrayContaining([...judgedAsSpecs]));
});

test.each(family)("%s", async (name) => {
  expect(await judged(name)).toEqual([]);
});

const replaced =
  (from: string, to: string): Change =>
  (text) => {
    expect(text).toContain(from);
    return text.replaceAll(from, to);
  };

const slips: readonly (readonly [name: string, what: string, change: Change, first: string])[] = [
  [
    "cifar-inception",
    "two branches of equal width in each other's place",
    (text) => text.replace(/( *conv5: .*\n)( *pool: .*\n)/, "$2$1"),
    "inception_1",
  ],
  [
    "cifar-inception",
    "another eps",
    (text) => `defaults { batchnorm { eps: 1e-3 } }\n${text}`,
    "stem",
  ],
  [
    "cifar-inception",
    "an average for a largest",
    replaced("maxpool(3x3/1", "avgpool(3x3/1"),
    "inception_1",
  ],
  ["reduced", "no rectifier", replaced(", act: relu", ""), "stem"],
  [
    "squeezenet",
    "a pool with padding",
    replaced("(3x3/2, ceil: true)", "(3x3/2, pad: 1)"),
    "maxpool1",
  ],
  [
    "bn-inception",
    "averages that leave padding out",
    replaced("avgpool(3x3/1, pad: same)", "avgpool(3x3/1, pad: same, count_pad: false)"),
    "inception_3a",
  ],
  [
    "resnet-50",
    "the stride in the 1x1, as the paper has it",
    (text) =>
      text.replace("conv(1x1, n)", "conv(1x1/s, n)").replace("3x3/s, n, pad: same", "3x3, n"),
    "layer2.0",
  ],
];

test.each(slips)("%s with %s is found out where it begins", async (name, _, change, first) => {
  const [far] = await judged(name, change);
  expect(far).toMatch(new RegExp(`^${first}: `));
});
