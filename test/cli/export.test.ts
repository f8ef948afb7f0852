import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { afterAll, describe, expect, test } from "vitest";
import { float32Tensor, writeSafetensors } from "../../src/checkpoints/safetensors/write.js";
import { parametersOf } from "../../src/graph/graph.js";
import { relativeL2 } from "../support/compare.js";
import { inceptc } from "../support/cli.js";
import { interpret } from "../support/interpreter.js";
import { graphOf, randomWeights } from "../support/network.js";
import { Random } from "../support/random.js";

const folder = mkdtempSync(join(tmpdir(), "incept-export-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

const spec = `/// Two branches and a head.
model Tiny(n = 4) {
  input x: f32[3, 6, 6]
  stem: conv(3x3, 8, act: hardswish)
  aux early: globalavgpool -> linear(2) as early
  both: concat { a: conv(1x1, n)  b: maxpool(3x3/1, pad: same) -> conv(1x1, n, norm: batchnorm) }
  output y: relu -> globalavgpool -> linear(3) as fc -> softmax
}
`;
const specFile = file("tiny.incept");
writeFileSync(specFile, spec);
const graph = graphOf(spec);
const weights = randomWeights(graph, 1);
const weightsFile = file("tiny.safetensors");
await writeSafetensors(
  weightsFile,
  new Map(
    parametersOf(graph).map(({ name, shape }) => [name, float32Tensor(shape, weights.get(name)!)]),
  ),
);

const exported = (...args: readonly string[]) =>
  inceptc(["export", specFile, "--weights", weightsFile, ...args]);

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

describe("what is written", () => {
  const model = file("tiny.onnx");
  const { status, stdout, stderr } = exported("-o", model, "--opset", "13");

  test("is told in a row", () => {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^✔ wrote .*tiny\.onnx: opset 13, 11 tensors, [\d.]+ KiB\n$/);
  });

  test("is what ONNX Runtime computes as the spec says", async () => {
    const session = await ort.InferenceSession.create(model);
    const x = new Random(3).floats(2 * 3 * 6 * 6, -1, 1);
    const { y } = await session.run({ x: new ort.Tensor("float32", x, [2, 3, 6, 6]) });
    const exact = new Map([...weights].map(([name, all]) => [name, Float64Array.from(all)]));
    for (const image of [0, 1]) {
      const one = interpret(graph, x.subarray(image * 108, image * 108 + 108), exact).get("y")!;
      const row = (y!.data as Float32Array).subarray(3 * image, 3 * image + 3);
      expect(relativeL2(row, one)).toBeLessThanOrEqual(1e-5);
    }
  });

  test("names the spec, its model, and the parameters that were set", () => {
    const bytes = text(readFileSync(model));
    for (const part of ["inceptc.spec", "tiny.incept", "inceptc.set", "n=4", "Two branches"]) {
      expect(bytes).toContain(part);
    }
  });

  test("is told as JSON where a program asks", () => {
    const { stdout } = exported("-o", file("json.onnx"), "--json");
    const { length } = readFileSync(file("json.onnx"));
    expect(JSON.parse(stdout)).toEqual({
      ...{ output: file("json.onnx"), opset: 17, bytes: length, tensors: 11 },
    });
  });

  test("has the auxiliary heads where they are asked for", async () => {
    const { status } = inceptc([
      ...["export", specFile, "--weights", "random:1", "--aux", "-o", file("aux.onnx")],
    ]);
    expect(status).toBe(0);
    const session = await ort.InferenceSession.create(file("aux.onnx"));
    expect(session.outputNames).toEqual(["early", "y"]);
  });
});

describe("what cannot be written leaves no file", () => {
  const place = file("none.onnx");
  mkdirSync(file("folder.onnx"));
  const refused: Readonly<Record<string, [string[], number, string]>> = {
    "without weights it says what it needs": [
      ["export", specFile, "-o", place],
      2,
      "The network has 11 parameters to fill.\n  help: add --weights FILE.safetensors, or --weights random:1",
    ],
    "weights of other shapes": [
      ["export", specFile, "--set", "n=5", "--weights", weightsFile, "-o", place],
      2,
      "both.a.weight",
    ],
    "an opset that is not written": [
      ["export", specFile, "--weights", weightsFile, "-o", place, "--opset", "12"],
      2,
      "It must be a whole number from 13 to 24.",
    ],
    "a spec with errors": [
      ["export", specFile, "--set", "n=x", "--weights", weightsFile, "-o", place],
      1,
      "n",
    ],
    "a folder in its place": [
      ["export", specFile, "--weights", weightsFile, "-o", file("folder.onnx")],
      2,
      "a folder stands in its place",
    ],
    "over its own spec": [
      ["export", specFile, "--weights", weightsFile, "-o", specFile],
      2,
      "tiny.incept is not the name of an ONNX model",
    ],
    "over its own weights": [
      ["export", specFile, "--weights", file("tiny.onnx"), "-o", file("tiny.onnx")],
      2,
      "tiny.onnx holds the weights themselves",
    ],
  };

  test.each(Object.entries(refused))("%s", (_, [args, code, words]) => {
    const { status, stderr, stdout } = inceptc(args);
    expect({ status, stdout }).toEqual({ status: code, stdout: "" });
    expect(stderr).toContain(words);
    expect(existsSync(place)).toBe(false);
  });
});
