/**
 * Compiles one network after another without CMake: the files that every network shares are
 * compiled once, and what is emitted for a network is compiled as one file. Tests that build
 * hundreds of networks use it; the ordinary way costs three times as much.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { renderProject } from "../../src/emit/render.js";
import { buildGraph } from "../../src/graph/build.js";
import type { Network } from "../../src/model/network.js";
import { runPasses } from "../../src/passes/pipeline.js";
import { planMemory } from "../../src/plan/memory.js";
import { type NativeAddon, openAddon } from "../../src/runtime/addon.js";
import { elements } from "../../src/ops/shape.js";
import { fastLayouts, referenceLayouts } from "../../src/targets/cpu/layouts.js";
import { type CpuLevel, hostLevel, kernelFlags } from "../../src/targets/cpu/level.js";
import { lowerCpu } from "../../src/targets/cpu/lower.js";
import { cpuTraits } from "../../src/targets/cpu/traits.js";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const native = join(repository, "native");
const compiler = process.env.CXX ?? "c++";
const common = ["-std=c++17", "-fPIC", "-fvisibility=hidden", "-fvisibility-inlines-hidden"];
const includes = [
  native,
  join(repository, "node_modules/node-addon-api"),
  join(repository, "node_modules/node-api-headers/include"),
].map((folder) => `-I${folder}`);

const run = promisify(execFile);

const kernelFlagsOf = (level: CpuLevel): readonly string[] => [
  ...common,
  ...includes,
  ...kernelFlags(level),
];

/** A header with all of the kernels: most of what a small network's compiler reads. */
const kernels = "kernels.hpp";

const kernelHeaders = (): readonly string[] =>
  ["layers", "prepare", "cpu", "cpu/reference"].flatMap((folder) =>
    readdirSync(join(native, folder))
      .filter((name) => name.endsWith(".hpp"))
      .map((name) => `${folder}/${name}`),
  );

/** At most this many compilers at once, over all builds of this process. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

async function compile(args: readonly string[]): Promise<void> {
  if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
  else running++;
  try {
    await run(compiler, [...args]);
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

export interface Variant {
  readonly passes: boolean;
  /** Default: the best of this machine. */
  readonly level?: CpuLevel;
}

/** A folder that compiled networks live in; dispose it when they are not run any more. */
export class QuickBuilder implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "incept-quick-"));
  private shared: Promise<readonly string[]> | undefined;
  private count = 0;

  async build(network: Network, { passes, level = hostLevel() }: Variant): Promise<QuickNetwork> {
    const graph = buildGraph(network);
    const planned = passes ? runPasses(graph, cpuTraits, { verify: true }).graph : graph;
    const plan = planMemory(planned, passes ? fastLayouts : referenceLayouts);
    const program = lowerCpu(plan, { level, reference: !passes });
    const project = { network, graph: planned, program, passes, maxBatch: 8 };
    const files = renderProject({ ...project, precision: "f32", command: "test" }, "addon");
    const folder = join(this.folder, `${this.count++}`);
    mkdirSync(folder);
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    const sources = [...files.keys()].filter((name) => name.endsWith(".cpp"));
    const all = join(folder, "all.cpp");
    writeFileSync(all, sources.map((name) => `#include "${name}"\n`).join(""));
    const binary = join(folder, "network.node");
    const objects = await (this.shared ??= this.compileShared());
    const headers = ["-include", join(this.folder, kernels), `-I${folder}`];
    const flags = [...kernelFlagsOf(level), ...headers, "-shared", "-pthread"];
    await compile([...flags, all, ...objects, "-o", binary]);
    return new QuickNetwork(openAddon(binary));
  }

  /** The object files that every network links, and g++'s precompiled form of the kernels. */
  private async compileShared(): Promise<readonly string[]> {
    const header = join(this.folder, kernels);
    const includes = kernelHeaders().map((name) => `#include "${name}"\n`);
    writeFileSync(header, includes.join(""));
    const flags = [...kernelFlagsOf(hostLevel()), "-pthread"];
    const [, ...objects] = await Promise.all([
      compile([...flags, "-x", "c++-header", header, "-o", `${header}.gch`]),
      ...this.compileObjects(),
    ]);
    return objects;
  }

  private compileObjects(): readonly Promise<string>[] {
    return ["cpu/level", "abi/abi", "cpu/engine", "addon/addon"].map(async (name) => {
      const object = join(this.folder, `${name.replace("/", "_")}.o`);
      const flags = [...common, ...includes, "-DNAPI_VERSION=9", "-O1"];
      await compile([...flags, "-c", join(native, `${name}.cpp`), "-o", object]);
      return object;
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A compiled network without the runtime around it. */
export class QuickNetwork {
  constructor(private readonly addon: NativeAddon) {}

  /** Loads `weights`, runs one batch, frees everything; outputs by name. */
  async run(
    input: Float32Array,
    weights: ReadonlyMap<string, Float32Array>,
    threads = 2,
  ): Promise<Map<string, Float32Array>> {
    const { inputs, outputs, parameters } = this.addon.describe();
    const batch = input.length / elements(inputs[0]!.shape);
    const instance = new this.addon.Instance(threads);
    try {
      const names = parameters.map(({ name }) => name);
      await instance.load(
        names,
        names.map((name) => weights.get(name)!),
      );
      const results = outputs.map(({ shape }) => new Float32Array(batch * elements(shape)));
      await instance.run(batch, [input], results);
      return new Map(outputs.map(({ name }, i) => [name, results[i]!]));
    } finally {
      instance.dispose();
    }
  }
}
