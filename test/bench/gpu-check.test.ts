/**
 * What `npm run gpu-check` carries to a GPU, and, where `INCEPT_TORCH_PYTHON` names a Python with
 * PyTorch, the check itself: on the simulator.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { writeFolder } from "../../bench/gpu/folder.js";
import { graphJson } from "../../bench/gpu/graph-json.js";
import { allNetworks, only, type Wanted } from "../../bench/gpu/networks.js";
import { projectOf } from "../../src/build/project/project.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { packageRoot } from "../../src/emit/package.js";
import { renderProject } from "../../src/emit/render.js";
import { buildGraph } from "../../src/graph/build.js";
import { primitives } from "../../src/ops/registry.js";
import { Folder } from "../build/folder.js";

const python = process.env.INCEPT_TORCH_PYTHON;
const names = ["random-6", "random-12"];
const tiny = only(allNetworks(3), names);
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The script as `npm run gpu-check` starts it. */
const script = (...args: readonly string[]) =>
  spawnSync("node", ["--import", "tsx", "scripts/gpu-check.ts", ...args], { encoding: "utf8" });

describe("the folder", () => {
  using kept = new Folder();
  const folder = kept.file("carried");
  const text = (name: string): string => readFileSync(join(folder, name), "utf8");

  beforeAll(() => {
    const { status, stderr } = script("--emit-only", "--emit", folder, "--only", names.join(","));
    expect(stderr).toBe("");
    expect(status).toBe(0);
    return () => kept[Symbol.dispose]();
  });

  test("holds the networks, what they share, and the scripts", () => {
    const manifest = JSON.parse(text("manifest.json")) as { networks: { id: string }[] };
    expect(manifest.networks).toEqual([
      expect.objectContaining({ id: "random-6-bf16", precision: "bf16", maxBatch: 8 }),
      expect.objectContaining({ id: "random-12-bf16", precision: "bf16", maxBatch: 8 }),
    ]);
    const found = filesOf(folder).map((file) => file.slice(folder.length + 1));
    expect(found).toEqual(
      expect.arrayContaining([
        "CMakeLists.txt",
        "README.md",
        "gpu/check.py",
        "graphs/random-6.json",
        "native/abi/incept.h",
        "native/cuda/device/device.cpp",
        "native/sim/device.cpp",
        "networks/random-12-bf16/forward_1.cu",
        "networks/random-12-bf16/network.cpp",
      ]),
    );
  });

  test("names no place of this machine", () => {
    for (const file of filesOf(folder)) {
      const content = readFileSync(file, "utf8");
      for (const place of [packageRoot, homedir(), folder]) {
        expect(content.includes(`${place}/`), `${place} in ${file}`).toBe(false);
      }
    }
  });

  test("refuses a network that there is none of", () => {
    const { status, stderr } = script("--emit-only", "--emit", folder, "--only", "googlenot");
    expect(status).not.toBe(0);
    expect(stderr).toContain("There is no network googlenot");
  });
});

test("a second emission changes what is new alone, and takes away what is gone", () => {
  using kept = new Folder();
  const folder = kept.file("carried");
  writeFolder(folder, tiny);
  const abi = join(folder, "native/abi/incept.h");
  const before = statSync(abi, { bigint: true }).mtimeNs;
  writeFolder(folder, tiny.slice(0, 1));
  expect(statSync(abi, { bigint: true }).mtimeNs).toBe(before);
  expect(filesOf(join(folder, "networks")).some((file) => file.includes("random-12"))).toBe(false);
});

test("a folder of something else is left alone", () => {
  using kept = new Folder();
  writeFileSync(kept.file("thesis.txt"), "");
  expect(() => writeFolder(kept.file(), tiny)).toThrow("holds something else");
});

test("all that is carried is small", () => {
  using kept = new Folder();
  expect(writeFolder(kept.file("carried"), allNetworks())).toBeLessThan(20 * 2 ** 20);
});

test("the random networks hold every primitive, and the judge knows each", () => {
  const judge = readFileSync("bench/gpu/torch_graph.py", "utf8");
  const makers = judge.slice(judge.indexOf("MAKERS: dict"));
  const random = allNetworks().filter(({ kind }) => kind === "random");
  const found = random.flatMap((wanted) => nodesOf(wanted).map(({ primitive }) => primitive));
  expect(new Set(found)).toEqual(new Set(primitives.keys()));
  for (const name of primitives.keys()) expect(makers).toContain(`"${name}": `);
});

test("the CMake project shares the sources that a network's own project lists", () => {
  const [wanted] = tiny;
  const { spec, precision, maxBatch } = wanted!;
  for (const target of ["cuda", "cuda-sim"] as const) {
    const request = { spec, network: wanted!.network(), target, precision, maxBatch };
    const project = projectOf(request, variantOf(request));
    const own = renderProject(project, "standalone").get("CMakeLists.txt")!;
    const shared = readFileSync("bench/gpu/CMakeLists.txt", "utf8");
    const sources = own.match(/native\/(abi|cuda)\/\w+\.(cpp|cu)\b/g) ?? [];
    expect(sources.length).toBeGreaterThan(4);
    for (const source of sources) expect(shared).toContain(source);
  }
});

const seeds = Array.from({ length: 10 }, (_, i) => `random-${i + 1}`);

/** The nodes of all graphs before and after folding, and the largest difference of any output. */
const timedForms = `
import json, sys
sys.path.insert(0, sys.argv[1] + "/gpu")
from pathlib import Path
import torch
from carried import read_carried
from peers import Peers
from results import relative_l2
from torch_graph import TorchGraph
from weights import make_input, make_weights
before, after, apart = 0, 0, 0.0
for entry in read_carried(Path(sys.argv[1])).networks:
    graph = entry.graph()
    weights, x = make_weights(graph, 1, "cpu"), make_input(graph, 2, 2)
    peers = Peers(graph, weights, "f32", "cpu")
    before, after = before + len(graph["nodes"]), after + len(peers.sliced.nodes)
    with torch.no_grad():
        expected = TorchGraph(graph, weights)(x)
        for module in peers.modules:
            outputs = module(peers.place(x))
            each = [relative_l2(outputs[name].numpy(), expected[name].numpy()) for name in expected]
            apart = max(apart, *each)
print(json.dumps({"before": before, "after": after, "apart": apart}))
`;

interface NodeText {
  readonly primitive: string;
}
const nodesOf = ({ network }: Wanted): readonly NodeText[] =>
  (JSON.parse(graphJson(buildGraph(network()))) as { nodes: NodeText[] }).nodes;

if (python !== undefined && python !== "") {
  describe("in the simulator, beside PyTorch", () => {
    using kept = new Folder();
    const folder = kept.file("carried");
    const check = (...args: readonly string[]) =>
      spawnSync(python, [join(folder, "gpu", "check.py"), "--sim", "--seed", "3", ...args], {
        encoding: "utf8",
      });

    beforeAll(() => {
      writeFolder(folder, tiny);
      return () => kept[Symbol.dispose]();
    });

    test("the check passes and writes what it saw", { timeout: 900_000 }, () => {
      const { status, stdout } = check();
      expect(stdout).toContain("passed in the simulator");
      expect(status).toBe(0);
      const result = JSON.parse(readFileSync(join(folder, "result.json"), "utf8")) as object;
      expect(result).toMatchObject({
        outcome: "passed",
        form: "sim",
        devices: ["simulated GPU"],
        verify: [
          { id: "random-6-bf16", passed: true },
          { id: "random-12-bf16", passed: true },
        ],
      });
    });

    test("PyTorch's own forms, which it is timed in, change nothing", { timeout: 600_000 }, () => {
      const all = kept.file("all");
      writeFolder(all, only(allNetworks(1), seeds));
      const printed = execFileSync(python, ["-c", timedForms, all], { encoding: "utf8" });
      const { before, after, apart } = JSON.parse(printed) as Record<string, number>;
      expect(after).toBeLessThan(before! - 20);
      expect(apart).toBeLessThan(2e-6);
    });

    test("a network that computes something else fails", { timeout: 900_000 }, () => {
      const file = join(folder, "graphs", "random-6.json");
      const graph = readFileSync(file, "utf8");
      const other = graph.replace('"primitive":"softmax"', '"primitive":"sigmoid"');
      expect(other).not.toBe(graph);
      writeFileSync(file, other);
      const { status, stdout } = check("--only", "random-6");
      expect(stdout).toContain("FAILED: verify (random-6-bf16)");
      expect(status).toBe(1);
    });
  });
}
