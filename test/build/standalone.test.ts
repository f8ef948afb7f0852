import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { emitProject } from "../../src/build/deliver/emit.js";
import { trainRequestOf } from "../../src/build/choose/train-request.js";
import { findTool } from "../../src/build/choose/toolchain.js";
import { buildGraph } from "../../src/graph/build.js";
import { parametersOf } from "../../src/graph/graph.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { openSafetensors } from "../../src/checkpoints/open.js";
import {
  float32Tensor,
  type StoredTensor,
  writeSafetensors,
} from "../../src/checkpoints/safetensors/write.js";
import { tinySpec } from "../emit/project.js";
import { relativeL2 } from "../support/compare.js";
import { networkOf, randomWeights } from "../support/network.js";
import { OnnxModel } from "../support/onnxruntime.js";
import { Random } from "../support/random.js";
import { Folder } from "./folder.js";

/** With a second input. */
const spec = tinySpec
  .replace("input image: f32[2, 6, 5]", "$&\n  input shift: f32[4]")
  .replace("output features", "output shifted: from shift -> relu\n  $&");
const network = networkOf(spec);
const graph = buildGraph(network);
const weights = randomWeights(graph, 1);
const batch = 10;
const image = new Random(1).floats(batch * 60);
const shift = new Random(2).floats(batch * 4);

const ctypes = `
import ctypes, sys
network = ctypes.CDLL(sys.argv[1])
network.incept_describe.restype = ctypes.c_void_p
describe = network.incept_describe()
network.incept_train_describe.restype = ctypes.c_void_p
assert network.incept_train_describe()
print(ctypes.string_at(ctypes.cast(describe + 8, ctypes.POINTER(ctypes.c_char_p))[0]).decode())
`;

it(
  "builds with plain CMake to a program and a C library that compute the network",
  { timeout: 600_000 },
  async () => {
    using folder = new Folder();
    const project = folder.file("project");
    const request = { spec: "tiny.incept", network, standalone: true, target: "cpu" } as const;
    await emitProject({ ...request, directory: project, train: trainRequestOf(network) });
    expect(readdirSync(project)).not.toContain("package.json");
    const env = { ...process.env, CXXFLAGS: "-Wall -Wextra -Werror" };
    const cmake = (...args: readonly string[]): void =>
      void execFileSync("cmake", args, { cwd: project, env, stdio: "pipe" });
    cmake("-B", "build");
    cmake("--build", "build", "--parallel", "2");

    const readme = readFileSync(folder.file("project", "README.md"), "utf8");
    expect(readme).toContain("The network `Tiny` in C++");
    expect(readme).toContain("| `image` | input | N x 2 x 6 x 5 |");
    expect(readme).toContain("| `prob` | output | N x 3 |");
    expect(readme).toContain("## Train");
    const files = ["weights", "in", "out"].map((name) => folder.file(`${name}.safetensors`));
    const tensors = graphTensors();
    await writeSafetensors(files[0]!, tensors);
    await writeSafetensors(files[1]!, new Map(inputTensors()));
    execFileSync(folder.file("project", "build", "network"), files, { stdio: "pipe" });

    const results = await openSafetensors(files[2]!);
    const judge = await OnnxModel.open(graph, exportOnnx(graph, weights));
    const expected = await judge.run([image, shift], batch);
    for (const name of ["shifted", "features", "prob"]) {
      expect(results.tensors.get(name)!.shape[0]).toBe(batch);
      expect(relativeL2(await results.readFloat32(name), expected.get(name)!)).toBeLessThan(1e-5);
    }
    await results.close();
    await judge.close();

    // A wrong call is told, and writes nothing.
    const program = folder.file("project", "build", "network");
    const wrong = spawnSync(program, [files[1]!, files[1]!, folder.file("never")]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr.toString()).toMatch(/\[weights\/missing\] 11 of 11 parameters of Tiny/);
    expect(existsSync(folder.file("never"))).toBe(false);

    const run = async (more: Spoiled): Promise<readonly [number | null, string, boolean]> => {
      const names = ["weights2", "in2", "out2"].map((name) => folder.file(`${name}.safetensors`));
      rmSync(names[2]!, { force: true });
      await writeSafetensors(names[0]!, new Map([...tensors, ...(more.weights ?? [])]));
      await writeSafetensors(names[1]!, new Map(more.inputs ?? inputTensors()));
      const { status, stderr } = spawnSync(program, names, { encoding: "utf8" });
      return [status, stderr, existsSync(names[2]!)];
    };
    for (const { what, expected: text, ...more } of refused) {
      const [status, stderr, written] = await run(more);
      expect([what, status, written]).toEqual([what, 2, false]);
      expect(stderr, what).toContain(text);
      expect(stderr, what).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
    }
    const [status, stderr, written] = await run({ weights: [["head.bias", floats(NaN, 0, 1)]] });
    expect([status, written]).toEqual([0, true]);
    expect(stderr).toMatch(/^warning: .*: head\.bias holds values that give no results \(1\)\n$/);

    const python = findTool(["python3"]);
    if (python !== undefined) {
      const library = folder.file(
        "project",
        "build",
        process.platform === "darwin" ? "libnetwork.dylib" : "libnetwork.so",
      );
      const model = execFileSync(python.path, ["-c", ctypes, library], { encoding: "utf8" });
      expect(model.trim()).toBe("Tiny");
    }
  },
);

type Named = readonly [name: string, tensor: StoredTensor];

const floats = (...values: number[]): StoredTensor =>
  float32Tensor([values.length], Float32Array.from(values));

const bytes = (dtype: "I8" | "U8", shape: readonly number[]): StoredTensor => ({
  dtype,
  shape,
  bytes: new Uint8Array(shape.reduce((a, b) => a * b, 1)),
});

const inputTensors = (): readonly Named[] => [
  ["image", float32Tensor([batch, 2, 6, 5], image)],
  ["shift", float32Tensor([batch, 4], shift)],
];

/** Tensors in place of, or beside, those that are right. */
interface Spoiled {
  readonly weights?: readonly Named[];
  readonly inputs?: readonly Named[];
}

const refused: readonly (Spoiled & { readonly what: string; readonly expected: string })[] = [
  {
    what: "a shape that has as many values",
    weights: [["head.weight", float32Tensor([36, 3], new Float32Array(108))]],
    expected: "[weights/shape]",
  },
  { what: "integers", weights: [["head.bias", bytes("I8", [3])]], expected: "head.bias is I8" },
  {
    what: "a tensor that the layer has no place for",
    weights: [["head.scale\x1b[2J", floats(1)]],
    expected: "[weights/extra]",
  },
  {
    what: "another input",
    inputs: [["im\nage", floats(1)]],
    expected: "no input im\\x0aage; the network's inputs are image, shift",
  },
  { what: "one of two inputs", inputs: inputTensors().slice(0, 1), expected: "no tensor shift" },
  {
    what: "inputs of two batches",
    inputs: [inputTensors()[0]!, ["shift", float32Tensor([1, 4], shift.subarray(0, 4))]],
    expected: "holds 10 of image and 1 of shift",
  },
  { what: "no input", inputs: [], expected: "has no tensor image" },
  { what: "an input of integers", inputs: [["image", bytes("I8", [1, 2, 6, 5])]], expected: "I8" },
  {
    what: "an input without a batch",
    inputs: [["image", bytes("U8", [2, 6, 5])]],
    expected: "[inputs/shape]",
  },
];

/** In the network's shapes, with what else a checkpoint holds: a count of batches, another head. */
function graphTensors(): Map<string, StoredTensor> {
  const shapes = new Map(parametersOf(graph).map(({ name, shape }) => [name, shape]));
  return new Map<string, StoredTensor>([
    ["stem.num_batches_tracked", { dtype: "I64", shape: [], bytes: new Uint8Array(8) }],
    ["other.head", { dtype: "C64", shape: [1], bytes: new Uint8Array(8) }],
    ...[...weights].map(
      ([name, values]) => [name, float32Tensor(shapes.get(name)!, values)] as const,
    ),
  ]);
}

it("writes over an earlier project and nothing else", async () => {
  using folder = new Folder();
  const request = { spec: "tiny.incept", network, directory: folder.file("project") };
  await emitProject(request);
  await emitProject({ ...request, standalone: true });
  expect(existsSync(folder.file("project", "package.json"))).toBe(false);
  writeFileSync(folder.file("project", "notes.txt"), "mine");
  await expect(emitProject(request)).rejects.toMatchObject({ code: "emit/not-empty" });
  expect(existsSync(folder.file("project", "notes.txt"))).toBe(true);
  expect(readdirSync(folder.path)).toEqual(["project"]);
});
