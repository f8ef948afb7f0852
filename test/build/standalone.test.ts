import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { emitProject } from "../../src/build/emit.js";
import { findTool } from "../../src/build/toolchain.js";
import { buildGraph } from "../../src/graph/build.js";
import { exportOnnx } from "../../src/onnx/export.js";
import {
  float32Tensor,
  SafetensorsFile,
  writeSafetensors,
} from "../../src/runtime/weights/safetensors.js";
import { tinySpec } from "../emit/project.js";
import { relativeL2 } from "../support/compare.js";
import { networkOf, randomWeights } from "../support/network.js";
import { OnnxModel } from "../support/onnxruntime.js";
import { Random } from "../support/random.js";
import { Folder } from "./folder.js";

const network = networkOf(tinySpec);
const graph = buildGraph(network);
const weights = randomWeights(graph, 1);
const batch = 10;
const image = new Random(1).floats(batch * 60);

const ctypes = `
import ctypes, sys
network = ctypes.CDLL(sys.argv[1])
network.incept_describe.restype = ctypes.c_void_p
describe = network.incept_describe()
print(ctypes.string_at(ctypes.cast(describe + 8, ctypes.POINTER(ctypes.c_char_p))[0]).decode())
`;

it(
  "builds with plain CMake to a program and a C library that compute the network",
  { timeout: 600_000 },
  async () => {
    using folder = new Folder();
    const project = folder.file("project");
    await emitProject({ spec: "tiny.incept", network, directory: project, standalone: true });
    expect(readdirSync(project)).not.toContain("package.json");
    const env = { ...process.env, CXXFLAGS: "-Wall -Wextra -Werror" };
    const cmake = (...args: readonly string[]): void =>
      void execFileSync("cmake", args, { cwd: project, env, stdio: "pipe" });
    cmake("-B", "build");
    cmake("--build", "build", "--parallel", "2");

    const { shape } = graph.input;
    const files = ["weights", "in", "out"].map((name) => folder.file(`${name}.safetensors`));
    const tensors = graphTensors();
    await writeSafetensors(files[0]!, tensors);
    await writeSafetensors(
      files[1]!,
      new Map([["image", float32Tensor([batch, ...shape], image)]]),
    );
    execFileSync(folder.file("project", "build", "network"), files, { stdio: "pipe" });

    const results = await SafetensorsFile.open(files[2]!);
    const judge = await OnnxModel.open(graph, exportOnnx(graph, weights));
    const expected = await judge.run(image, batch);
    for (const name of ["features", "prob"]) {
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

function graphTensors(): Map<string, ReturnType<typeof float32Tensor>> {
  return new Map(
    [...weights].map(([name, values]) => [name, float32Tensor([values.length], values)]),
  );
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
