import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCheckpoint } from "../../src/checkpoints/open.js";
import { parametersOf } from "../../src/graph/graph.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { inceptc } from "../support/cli.js";
import { graphOf, randomWeights } from "../support/network.js";

const folder = mkdtempSync(join(tmpdir(), "incept-import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

const spec = `model Tiny {
  input picture: f32[3, 8, 8]

  stem: conv(3x3, 8, norm: batchnorm, act: relu)
  mixed: concat {
    b1:   conv(1x1, 4, act: relu)
    b3:   conv(1x1, 2, act: relu) -> conv(3x3, 4, act: relu)
    pool: maxpool(3x3/1, pad: same) -> conv(1x1, 4, act: relu)
  }
  output prob: globalavgpool -> linear(3) -> softmax
}
`;
const graph = graphOf(spec);
const weights = randomWeights(graph, 1);
const model = file("tiny.onnx");
writeFileSync(model, exportOnnx(graph, weights, { producerVersion: "1.2.3" }));

const imported = (...args: readonly string[]) => inceptc(["import", ...args]);

describe("a model that a spec can say", () => {
  const own = file("own.incept");
  const { status, stdout, stderr } = imported(model, "-o", own);

  test("is told in two rows", () => {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^✔ wrote .*own\.incept: the \d+ nodes of the model\n✔ wrote .*own\.safetensors: 15 tensors, [\d.]+ KiB\n$/,
    );
  });

  test("is a spec as a person writes it, without findings", () => {
    expect(readFileSync(own, "utf8")).toBe(`// From tiny.onnx, by inceptc 1.2.3, opset 17.
// The model does not say how pictures are prepared: add from image(…) to its input.

defaults { conv { act: relu } }

model Own(classes = 3) {
  input picture: f32[3, 8, 8]

  stem: conv(3x3, 8, norm: batchnorm)
  mixed: concat {
    b1:   conv(1x1, 4)
    b3:   conv(1x1, 2) -> conv(3x3, 4)
    pool: maxpool(3x3/1, pad: same) -> conv(1x1, 4)
  }
  output prob: globalavgpool -> linear(classes) -> softmax
}
`);
    expect(inceptc(["check", own])).toMatchObject({ status: 0, stderr: "" });
    expect(inceptc(["fmt", "--check", own]).status).toBe(0);
  });

  test("has the model's weights, by the names of the spec", async () => {
    const checkpoint = await openCheckpoint(file("own.safetensors"));
    const names = parametersOf(graphOf(readFileSync(own, "utf8"))).map(({ name }) => name);
    expect([...checkpoint.tensors.keys()]).toEqual(names);
    for (const name of names) {
      expect(await checkpoint.readFloat32(name), name).toEqual(weights.get(name));
    }
    await checkpoint.close();
  });
});

describe("what is verified", () => {
  const own = file("verified.incept");

  test("is compiled and run beside the nodes of the model", () => {
    const { status, stdout } = imported(model, "-o", own, "--verify");
    expect(stdout).toMatch(/✔ prob differs by \d\.\de-\d+ of its length\n$/);
    expect(status).toBe(0);
  });
});

describe("what is written over", () => {
  const own = file("kept.incept");
  beforeAll(() => writeFileSync(own, "model Mine {}"));

  test("is nothing unless it is asked for", () => {
    const { status, stderr } = imported(model, "-o", own);
    expect(status).toBe(2);
    expect(stderr).toContain("is there already");
    expect(stderr).toContain("--force");
    expect(readFileSync(own, "utf8")).toBe("model Mine {}");
    expect(existsSync(file("kept.safetensors"))).toBe(false);
  });

  test("is both files with --force", () => {
    const { status, stdout } = imported(model, "-o", own, "--force", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ spec: own, weights: file("kept.safetensors"), model: "Kept", tensors: 15 },
    });
    expect(readFileSync(own, "utf8")).toContain("model Kept(classes = 3) {");
  });
});

describe("with --force, too", () => {
  test("weights that the model has beside it are not written over", () => {
    const external = "test/import/onnx/fixtures/external";
    const [named, beside] = [file("named.onnx"), file("named.safetensors")];
    cpSync(join(external, "named.onnx"), named);
    cpSync(join(external, "weights.bin"), beside);
    const { status, stderr } = imported(named, "-o", file("named.incept"), "--force");
    expect(status).toBe(2);
    expect(stderr).toContain("named.safetensors holds weights of the model itself");
    expect(readFileSync(beside)).toEqual(readFileSync(join(external, "weights.bin")));
  });

  test("what was there stays where the weights cannot be read", () => {
    const own = file("again.incept");
    writeFileSync(own, "model Mine {}");
    writeFileSync(file("again.safetensors"), "mine");
    const gone = file("named.onnx");
    rmSync(file("named.safetensors"), { force: true });
    expect(imported(gone, "-o", own, "--force").status).toBe(2);
    expect(readFileSync(own, "utf8")).toBe("model Mine {}");
    expect(readFileSync(file("again.safetensors"), "utf8")).toBe("mine");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("what cannot be imported leaves nothing behind", () => {
  const before = (): readonly string[] => readdirSync(folder).sort();
  const bytes = readFileSync(model);
  const torn = file("torn.onnx");
  beforeAll(() => writeFileSync(torn, bytes.subarray(0, bytes.length - 40)));

  test.each([
    ["a file that is not there", file("absent.onnx"), file("a.incept"), "file/not-found"],
    ["a torn file", torn, file("b.incept"), "weights/truncated"],
    ["a place that is no spec", model, file("c.onnx"), "import/output"],
    ["a folder that is not there", model, file("none/d.incept"), "file/cannot-write"],
  ])("%s", (_, from, to, code) => {
    const there = before();
    const { status, stderr, stdout } = imported(from, "-o", to);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(code);
    expect(before()).toEqual(there);
  });
});
