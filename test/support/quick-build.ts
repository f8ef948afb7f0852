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
import { writeFiles } from "../../src/build/disk/files.js";
import { trainingProject } from "../../src/build/project/training.js";
import type { TrainRequest } from "../../src/build/request.js";
import { renderProject } from "../../src/emit/render.js";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";
import type { Network } from "../../src/model/network.js";
import { runPasses } from "../../src/passes/run.js";
import { type NativeAddon, openAddon } from "../../src/runtime/addon.js";
import { elements } from "../../src/ops/shape.js";
import { type CpuLevel, hostLevel, kernelFlags } from "../../src/targets/cpu/level.js";
import { cpuTarget } from "../../src/targets/cpu/target.js";
import { cudaTarget } from "../../src/targets/cuda/target.js";
import type { GpuPrecision } from "../../src/targets/program.js";
import type { Target } from "../../src/targets/target.js";
import { kept, nativeVersion, ofThisRun } from "./kept.js";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const native = join(repository, "native");
const compiler = process.env.CXX ?? "c++";
const common = ["-fPIC", "-fvisibility=hidden", "-fvisibility-inlines-hidden"];
const includes = [
  native,
  join(repository, "node_modules/node-addon-api"),
  join(repository, "node_modules/node-api-headers/include"),
].map((folder) => `-I${folder}`);

const run = promisify(execFile);

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
  /** Default: the CPU with the best instructions of this machine. */
  readonly target?: "cpu" | "cuda-sim";
  readonly level?: CpuLevel;
  readonly precision?: GpuPrecision;
  /** Default: 8. */
  readonly maxBatch?: number;
  /** Compile what trains the network, too; on the CPU. */
  readonly train?: TrainRequest;
}

/** How the networks of one target are compiled. */
interface Recipe {
  readonly target: Target;
  /** For what is emitted, and for the header that it is precompiled with. */
  readonly flags: readonly string[];
  /** Below native/: compiled once, with flags of their own. */
  readonly shared: readonly string[];
  readonly sharedFlags: readonly string[];
  /** Headers below native/ that hold most of what a small network's compiler reads. */
  readonly headers: readonly string[];
}

const headersOf = (...folders: readonly string[]): readonly string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(native, folder))
      .filter((name) => /\.(hpp|cuh)$/.test(name))
      .map((name) => `${folder}/${name}`),
  );

function recipeOf(variant: Variant): Recipe {
  const { target, passes, level = hostLevel(), precision = "f32", train } = variant;
  if (target === "cuda-sim") {
    // A small network is compiled for longer than it runs, and no vectors are what is simulated.
    const flags = ["-std=c++20", "-DINCEPT_SIM", "-O1", ...common, ...includes];
    const machine = readdirSync(join(native, "sim")).filter((name) => name.endsWith(".cpp"));
    return {
      target: cudaTarget({ target, precision, architectures: [], placed: passes }),
      flags,
      sharedFlags: flags,
      shared: [
        ...["engine.cpp", "walk.cpp", "workspace.cpp", "convolution.cu", "linear.cu"].map(
          (name) => `cuda/${name}`,
        ),
        ...machine.map((name) => `sim/${name}`),
      ],
      headers: headersOf("layers", "prepare", "cuda"),
    };
  }
  const own = ["-std=c++17", ...common, ...includes, ...(train ? ["-DINCEPT_TRAIN"] : [])];
  const training = readdirSync(join(native, "cpu/train")).filter((name) => name.endsWith(".cpp"));
  return {
    target: cpuTarget({ level, reference: !passes }),
    flags: [...own, ...kernelFlags(level)],
    sharedFlags: [...own, "-O1"],
    shared: [
      ...["cpu/level.cpp", "cpu/engine.cpp"],
      ...(train ? ["abi/train.cpp", ...training.map((name) => `cpu/train/${name}`)] : []),
    ],
    headers: [
      ...headersOf("layers", "prepare", "cpu", "cpu/conv", "cpu/reference"),
      ...(train ? headersOf("cpu/gradient", "cpu/reference/gradient") : []),
    ],
  };
}

/** A folder that compiled networks live in; dispose it when they are not run any more. */
export class QuickBuilder implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), "incept-quick-"));
  private readonly kitchens = new Map<string, Promise<Kitchen>>();
  private count = 0;

  /** @param graph where another one than the network's is meant */
  async build(
    network: Network,
    variant: Variant,
    graph: Graph = buildGraph(network),
  ): Promise<QuickNetwork> {
    const { passes, maxBatch = 8, precision = "f32", level = hostLevel(), train } = variant;
    const recipe = recipeOf(variant);
    const planned = passes ? runPasses(graph, recipe.target.traits).graph : graph;
    const { plan, program } = recipe.target.compile(planned);
    const project = {
      network,
      graph: plan.graph,
      program,
      passes,
      without: [],
      maxBatch,
      precision,
      ...(train && {
        training: trainingProject(network, { passes, without: [] }, train, level),
      }),
    };
    const files = renderProject({ ...project, command: "test" }, "addon");
    const folder = join(this.folder, `${this.count++}`);
    mkdirSync(folder);
    writeFiles(folder, files);
    const sources = [...files.keys()].filter((name) => /\.(cpp|cu)$/.test(name));
    const all = join(folder, "all.cpp");
    writeFileSync(all, sources.map((name) => `#include "${name}"\n`).join(""));
    const binary = join(folder, "network.node");
    const { header, objects } = await this.kitchen(recipe);
    const flags = [...recipe.flags, "-include", header, `-I${folder}`, "-shared", "-pthread"];
    await compile([...flags, all, ...objects, "-o", binary]);
    return new QuickNetwork(openAddon(binary));
  }

  private kitchen(recipe: Recipe): Promise<Kitchen> {
    const key = recipe.flags.join(" ");
    const found = this.kitchens.get(key) ?? kitchenOf(recipe);
    this.kitchens.set(key, found);
    return found;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What all networks of one recipe share. */
interface Kitchen {
  /** With g++'s precompiled form of it beside it. */
  readonly header: string;
  readonly objects: readonly string[];
}

/** Made once a run for the same sources: a dozen test files begin with one of a few. */
async function kitchenOf(recipe: Recipe): Promise<Kitchen> {
  const { flags, sharedFlags, headers, shared } = recipe;
  const sources = ["abi/abi.cpp", "addon/addon.cpp", "picture/picture.cpp", ...shared];
  const objectOf = (file: string): string => `${file.replace(/\W/g, "_")}.o`;
  const text = headers.map((file) => `#include "${file}"\n`).join("");
  const key = [compiler, ...flags, ...sharedFlags, ...sources, text, nativeVersion()];
  const folder = await kept(ofThisRun(), "kitchen", key, async (place) => {
    const header = join(place, "kernels.hpp");
    writeFileSync(header, text);
    const precompiled = [...flags, "-pthread", "-x", "c++-header", header];
    const all = sources.map((file) => {
      const own = [...sharedFlags, "-DNAPI_VERSION=9", "-x", "c++", "-c", join(native, file)];
      return compile([...own, "-o", join(place, objectOf(file))]);
    });
    await Promise.all([...all, compile([...precompiled, "-o", `${header}.gch`])]);
  });
  return {
    header: join(folder, "kernels.hpp"),
    objects: sources.map((file) => join(folder, objectOf(file))),
  };
}

/** A compiled network without the runtime around it. */
export class QuickNetwork {
  constructor(readonly addon: NativeAddon) {}

  /** Loads `weights`, runs one batch, frees everything; outputs by name. */
  run(
    input: Float32Array | readonly Float32Array[],
    weights: ReadonlyMap<string, Float32Array>,
    threads = 2,
  ): Promise<Map<string, Float32Array>> {
    return this.open(weights, threads, (run) => run(input));
  }

  /** Loads `weights`, lets `work` run batches, and frees everything. */
  async open<R>(
    weights: ReadonlyMap<string, Float32Array>,
    threads: number,
    work: (run: Run) => Promise<R>,
  ): Promise<R> {
    const { inputs, outputs, parameters } = this.addon.describe();
    const [model, session] = [new this.addon.Model(), new this.addon.Session()];
    try {
      const names = parameters.map(({ name }) => name);
      await model.load(
        names,
        names.map((name) => weights.get(name)!),
      );
      await session.open(model, { threads, device: 0 });
      return await work(async (input) => {
        const given = input instanceof Float32Array ? [input] : input;
        const batch = given[0]!.length / elements(inputs[0]!.shape);
        const results = outputs.map(({ shape }) => new Float32Array(batch * elements(shape)));
        await session.run(batch, given, results);
        return new Map(outputs.map(({ name }, i) => [name, results[i]!]));
      });
    } finally {
      session.dispose();
      model.dispose();
    }
  }
}

type Run = (input: Float32Array | readonly Float32Array[]) => Promise<Map<string, Float32Array>>;
