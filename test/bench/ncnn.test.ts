/** What ncnn is given of a network; and, where ncnn is, that it computes the same. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { Contestant } from "../../src/bench/contestant.js";
import { ncnn, requireNcnn } from "../../src/bench/ncnn/peer.js";
import { writeNcnn } from "../../src/bench/ncnn/write.js";
import { writeInputs } from "../../src/bench/inputs.js";
import { buildGraph } from "../../src/graph/build.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { checkFile } from "../../src/model/check-file.js";
import type { Network } from "../../src/model/network.js";
import { ncnnHere } from "../support/ncnn.js";
import { relativeL2 } from "../support/compare.js";
import { exampleSpec } from "../support/examples.js";
import { graphOf, networkOf, randomWeights } from "../support/network.js";
import { OnnxModel } from "../support/onnxruntime.js";

const folder = mkdtempSync(join(tmpdir(), "incept-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const paramOf = (spec: string): readonly string[] => {
  const graph = graphOf(spec);
  return writeNcnn(graph, randomWeights(graph, 1)).param.trim().split("\n");
};

describe("a network written for ncnn", () => {
  it("has norms folded, activations fused, and a blob for each reader", () => {
    const spec = `model M {
      input image: f32[3, 9, 8]
      stem: conv(3x3/2, 8, pad: 1, bias: false) -> batchnorm -> relu
      mixed: concat { a: conv(1x3, 4, act: leakyrelu)  b: maxpool(3x3/1, pad: same) }
      output prob: globalavgpool -> linear(5) -> softmax
    }`;
    expect(paramOf(spec)).toEqual([
      "7767517",
      "10 11",
      "Input l0 0 1 b0 0=8 1=9 2=3",
      "Convolution l1 1 1 b0 b1 0=8 1=3 2=1 3=2 4=1 5=1 6=216 9=1 11=3 12=1 13=2 14=1 15=1 16=1",
      "Split l2 1 2 b1 b2 b3",
      "Convolution l3 1 1 b3 b4 0=4 1=3 2=1 3=1 4=1 5=1 6=96 9=2 -23310=1,1.00000000e-2 11=1 12=1 13=1 14=0 15=1 16=0",
      "Pooling l4 1 1 b2 b5 0=0 1=3 2=1 3=1 5=1 6=0 11=3 12=1 13=1 14=1 15=1",
      "Concat l5 2 1 b4 b5 b6 0=0",
      "Pooling l6 1 1 b6 b7 0=1 4=1",
      "Reshape l7 1 1 b7 b8 0=1 1=1 2=12",
      "InnerProduct l8 1 1 b8 b9 0=5 1=1 2=60",
      "Softmax l9 1 1 b9 b10 0=0 1=1",
    ]);
  });

  it("has its weights behind a word, and biases as they are", () => {
    const graph = graphOf("model M { input x: f32[2]  output y: linear(3) }");
    const weights = randomWeights(graph, 1);
    const [weight, bias] = [weights.get("y.weight")!, weights.get("y.bias")!];
    const { bin } = writeNcnn(graph, weights);
    const floats = new Float32Array(Uint8Array.from(bin).buffer);
    expect([...floats]).toEqual([0, ...weight, ...bias]);
  });

  it.each([
    ["upsample(2)", "up: upsample cannot be written for ncnn."],
    ["layernorm", "up: layernorm cannot be written for ncnn."],
    [
      "avgpool(3x3/2, ceil: true)",
      "up: an average that hangs over its padding cannot be written for ncnn.",
    ],
  ])("is refused by name for %s", (call, message) => {
    const spec = `model M { input x: f32[3, 8, 8]  up: ${call}  output y: conv(1x1, 2) }`;
    expect(() => paramOf(spec)).toThrow(expect.objectContaining({ code: "bench/failed", message }));
  });
});

test("ncnn is looked for where it is said to be, and what is missing is told", () => {
  const help = expect.stringMatching(/set INCEPT_NCNN to that folder/) as string;
  const none = { code: "bench/no-peer", help };
  expect(() => requireNcnn({}, [])).toThrow(
    expect.objectContaining({ ...none, message: "ncnn was not found." }),
  );
  expect(() => requireNcnn({ INCEPT_NCNN: folder }, [])).toThrow(
    expect.objectContaining({ ...none, message: expect.stringContaining("is not in") as string }),
  );
  const config = join(folder, "lib", "x86_64-linux-gnu", "cmake", "ncnn");
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, "ncnnConfig.cmake"), "");
  expect(requireNcnn({ INCEPT_NCNN: folder }, [])).toBe(folder);
  expect(requireNcnn({}, ["/nowhere", folder])).toBe(folder);
});

/** Every layer that is written, among others in every form. */
const layers: Readonly<Record<string, string>> = {
  convolutions: `model M {
    input x: f32[6, 13, 11]
    a: conv(3x3/2x1, 20, pad: 1, act: relu6) -> conv(1x7, 16, act: hardswish)
    b: conv(3x3, 24, groups: 4, act: sigmoid) -> depthwise(5x3, pad: same, act: leakyrelu)
    output y: conv(3x3, 5, dilation: 2, pad: 0, bias: false)
  }`,
  pools: `model M {
    input x: f32[5, 15, 14]
    a: maxpool(3x3/2, ceil: true)
    b: avgpool(3x3/1, pad: 1)
    c: avgpool(2x2/1, pad: 1, count_pad: false) -> zeropad(1)
    output mean: from b -> adaptiveavgpool(3x2)
    output top: from c -> globalmaxpool
    output average: from a -> globalavgpool -> conv(1x1, 3)
  }`,
  joins: `model M {
    input x: f32[8, 6, 5]
    a: add { l: conv(3x3, 12)  r: conv(1x1, 12)  s: maxpool(3x3/1, pad: same) -> conv(1x1, 12) }
    b: mul { l: identity  r: globalavgpool -> conv(1x1, 12, act: sigmoid) }
    c: max { l: conv(1x1, 12)  r: identity }
    d: residual(scale: 0.3) { conv(3x3, 12) } -> relu
    output y: concat { l: slice(0, 5)  r: slice(5, 12) -> shuffle(7) }
  }`,
  "the others": `model M {
    input x: f32[9, 5, 7]
    a: lrn(5, alpha: 0.3) -> batchnorm -> elu -> prelu -> scale(2, shift: -0.5)
    b: silu -> gelu -> tanh -> hardsigmoid -> dropout(0.5)
    output map: softmax
    output y: from b -> flatten -> linear(40, bias: false) -> batchnorm -> relu -> linear(4) -> softmax
  }`,
};

const networks: readonly (readonly [string, () => Network])[] = [
  ...Object.entries(layers).map(([name, spec]) => [name, () => networkOf(spec)] as const),
  ["the CIFAR example", () => checkFile(exampleSpec("cifar-inception")).network!],
];

const installed = ncnnHere();

describe.skipIf(installed === undefined)("beside ncnn", () => {
  it.each(networks)("%s: it computes what ONNX Runtime does", async (name, network) => {
    const own = join(folder, name.replaceAll(" ", "-"));
    mkdirSync(own);
    const graph = buildGraph(network());
    const weights = randomWeights(graph, 1);
    const options = { network: network(), aux: false, weights: "random:1", threads: 1 };
    const contestant = await Contestant.start(await ncnn(installed!)({ ...options, folder: own }));
    const inputs = await writeInputs(own, graph.inputs, 2);
    await contestant.ask({ ask: "give", batch: 2, inputs });
    const outputs = graph.outputs.map(({ name }, i) => [name, join(own, `out-${i}`)] as const);
    await contestant.ask({ ask: "answer", outputs: Object.fromEntries(outputs) });

    const floats = async (file: string): Promise<Float32Array> =>
      new Float32Array(Uint8Array.from(await readFile(file)).buffer);
    const judge = await OnnxModel.open(graph, exportOnnx(graph, weights));
    const expected = await judge.run(await Promise.all(Object.values(inputs).map(floats)), 2);
    for (const [name, file] of outputs)
      expect(relativeL2(await floats(file), expected.get(name)!), name).toBeLessThan(1e-5);
    const { milliseconds } = await contestant.ask({ ask: "time", runs: 3 });
    expect(milliseconds).toHaveLength(3);
    for (const each of milliseconds) expect(each).toBeGreaterThan(0);
    const { before, peak } = await contestant.ask({ ask: "memory" });
    expect(peak).toBeGreaterThan(before);
    await expect(contestant.ask({ ask: "laps", runs: 1, sections: 1 })).rejects.toMatchObject({
      code: "bench/failed",
      message: "ncnn failed: ncnn is not asked that",
    });
    await contestant.end();
    await judge.close();
  });
});
