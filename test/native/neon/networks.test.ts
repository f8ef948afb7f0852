/**
 * Whole networks for arm64: their C++ is written here, compiled by a cross compiler and run by an
 * emulator, and judged by ONNX Runtime; to the same bit on 1, 2, 3 and 7 threads.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { expect, test } from "vitest";
import { emitProject } from "../../../src/build/deliver/emit.js";
import { openSafetensors } from "../../../src/checkpoints/open.js";
import { float32Tensor, writeSafetensors } from "../../../src/checkpoints/safetensors/write.js";
import { buildGraph } from "../../../src/graph/build.js";
import { parametersOf } from "../../../src/graph/graph.js";
import { exportOnnx } from "../../../src/onnx/export.js";
import { elements } from "../../../src/ops/shape.js";
import { Folder } from "../../build/folder.js";
import { arm, withoutArm } from "../../support/arm.js";
import { exampleSpec } from "../../support/examples.js";
import { relativeL2 } from "../../support/compare.js";
import { checkFile } from "../../../src/model/check-file.js";
import { networkOf, randomWeights } from "../../support/network.js";
import { randomNetwork } from "../../support/networks.js";
import { OnnxModel } from "../../support/onnxruntime.js";
import { Random } from "../../support/random.js";

const batch = 3;
const networks = [
  ["the CIFAR example", checkFile(exampleSpec("cifar-inception")).network!],
  ...[81, 82].map((seed) => [`random network ${seed}`, networkOf(randomNetwork(seed))] as const),
] as const;

/** Builds what the folder holds, for arm64. */
function compile(folder: Folder): void {
  const options = [
    "-DCMAKE_BUILD_TYPE=Release",
    "-DCMAKE_SYSTEM_NAME=Linux",
    "-DCMAKE_SYSTEM_PROCESSOR=aarch64",
    `-DCMAKE_CXX_COMPILER=${arm!.compiler}`,
    "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror",
  ];
  const cmake = (...args: readonly string[]): void =>
    void execFileSync("cmake", args, { cwd: folder.file(), stdio: "pipe" });
  cmake("-B", "build", ...options);
  cmake("--build", "build", "--parallel", "2");
}

test.skipIf(arm === undefined).each(networks)(
  `%s computes on NEON what ONNX Runtime does${arm === undefined ? `: ${withoutArm}` : ""}`,
  { timeout: 600_000 },
  async (_, network) => {
    using folder = new Folder();
    const request = { spec: "test.incept", network, standalone: true, target: "cpu" } as const;
    await emitProject({ ...request, cpu: "neon", directory: folder.file("project") });
    for (const name of ["CMakeLists.txt", "caller.cpp"])
      copyFileSync(new URL(name, import.meta.url), folder.file(name));
    compile(folder);

    const graph = buildGraph(network);
    const weights = randomWeights(graph, 1);
    const [input] = graph.inputs;
    const x = new Random(2).floats(batch * elements(input!.shape), -2, 2);
    const files = ["weights", "in", "out"].map((name) => folder.file(`${name}.safetensors`));
    const shapes = new Map(parametersOf(graph).map(({ name, shape }) => [name, shape]));
    const tensors = [...weights].map(([name, values]) => {
      return [name, float32Tensor(shapes.get(name)!, values)] as const;
    });
    await writeSafetensors(files[0]!, new Map(tensors));
    await writeSafetensors(
      files[1]!,
      new Map([[input!.name, float32Tensor([batch, ...input!.shape], x)]]),
    );
    const { emulator, libraries } = arm!;
    const program = folder.file("build", "caller");
    const said = execFileSync(emulator, ["-L", libraries, program, ...files], { encoding: "utf8" });
    expect(said).toBe("cpu neon\n");

    const results = await openSafetensors(files[2]!);
    const judge = await OnnxModel.open(graph, exportOnnx(graph, weights));
    const expected = await judge.run(x, batch);
    expect([...results.tensors.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, values] of expected)
      expect(relativeL2(await results.readFloat32(name), values), name).toBeLessThan(1e-5);
    await results.close();
    await judge.close();
  },
);
