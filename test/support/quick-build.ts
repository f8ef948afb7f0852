/**
 * Compiles one network after another without CMake: the files that every network shares are
 * compiled once, and what is emitted for a network is compiled as one file, once a run for all
 * tests. Tests that build hundreds of networks use it; the ordinary way costs three times as much.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFiles } from "../../src/build/disk/files.js";
import { trainingProject } from "../../src/build/project/training.js";
import { renderProject } from "../../src/emit/render.js";
import { buildGraph } from "../../src/graph/build.js";
import type { Graph } from "../../src/graph/graph.js";
import type { Network } from "../../src/model/network.js";
import { elements } from "../../src/ops/shape.js";
import { runPasses } from "../../src/passes/run.js";
import { type NativeAddon, openAddon } from "../../src/runtime/addon.js";
import { hostLevel } from "../../src/targets/cpu/level.js";
import { kept } from "./kept.js";
import { compile, compiler, type Kitchen, kitchenOf } from "./kitchen.js";
import { type Recipe, recipeOf, type Variant } from "./quick-recipe.js";

export type { Variant } from "./quick-recipe.js";

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
    const { force = [] } = variant;
    const recipe = recipeOf(variant);
    const planned = passes ? runPasses(graph, recipe.target.traits).graph : graph;
    const { plan, program } = recipe.target.compile(planned);
    const project = {
      network,
      graph: plan.graph,
      program,
      passes,
      algebra: passes,
      strict: false,
      without: [],
      force,
      maxBatch,
      precision,
      ...(train && {
        training: trainingProject(
          network,
          { passes, strict: false, without: [], force, levels: [level] },
          train,
        ).project,
      }),
    };
    const files = renderProject({ ...project, command: "test" }, "addon");
    return new QuickNetwork(openAddon(await this.binary(files, recipe)));
  }

  /** @param files the emitted ones; where another test had the same compiled, theirs is taken */
  private async binary(files: ReadonlyMap<string, string>, recipe: Recipe): Promise<string> {
    const { header, objects } = await this.kitchen(recipe);
    const key = [compiler, ...recipe.flags, header, ...objects, ...[...files].flat()];
    const root = process.env.INCEPT_OBJECTS ?? this.folder;
    const place = await kept(root, "network", key, async (made) => {
      const folder = join(this.folder, `${this.count++}`);
      mkdirSync(folder);
      writeFiles(folder, files);
      const sources = [...files.keys()].filter((name) => /\.(cpp|cu)$/.test(name));
      const all = join(folder, "all.cpp");
      writeFileSync(all, sources.map((name) => `#include "${name}"\n`).join(""));
      const flags = [...recipe.flags, "-include", header, `-I${folder}`, "-shared", "-pthread"];
      await compile([...flags, all, ...objects, "-o", join(made, "network.node")]);
    });
    return join(place, "network.node");
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
      await model.load(parameters.map(({ name }) => weights.get(name)!));
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
