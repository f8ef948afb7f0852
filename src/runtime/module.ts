import { InceptError } from "../diagnostics/incept-error.js";
import type { Manifest } from "../emit/manifest.js";
import { type Artefact, isOfAux, openArtefact, runningManifest } from "./artefact.js";
import { Model } from "./model.js";
import { loadOptions } from "./option-readers.js";
import type { BuildOptions, LoadOptions } from "./options.js";
import { InstancePool } from "./pool.js";
import { trainerOptions } from "./train/options.js";
import type { Trainer } from "./train/trainer.js";
import type { DefaultLosses, Losses, TrainerOptions } from "./train/types.js";
import { openSessions, requireMachine } from "./sessions.js";
import type { ModelName, NetworkTypes, ParameterName, TapName } from "./types.js";
import type { Variants } from "./variants.js";
import { handWeights } from "./weights/hand.js";
import { requireFile, type WeightsTold } from "./weights/load.js";
import type { RenameMap } from "./weights/rename.js";

/** A weight: its name, its shape, and what initialisation has to know of it. */
type Parameter<N extends NetworkTypes> = Manifest["parameters"][number] & {
  readonly name: ParameterName<N>;
};

/**
 * A compiled network without weights: what `import net from "./foo.incept"`, `loadModel` and
 * `loadArtefact` give.
 */
export class NetworkModule<N extends NetworkTypes = NetworkTypes> {
  /** The model's name in the spec. */
  readonly name: ModelName<N>;
  /** Parameters of a checkpoint, in loading order. */
  readonly parameters: readonly Parameter<N>[];
  readonly #artefact: Artefact;
  readonly #variants: Variants;
  readonly #asked: BuildOptions;

  /** `asked` are the options that the artefact was found by: `load`'s own add to them. */
  constructor(artefact: Artefact, variants: Variants, asked: BuildOptions = {}) {
    this.#asked = asked;
    this.name = artefact.manifest.model as ModelName<N>;
    this.parameters = artefact.manifest.parameters as readonly Parameter<N>[];
    this.#artefact = artefact;
    this.#variants = variants;
  }

  /**
   * Makes a model that runs: native memory, threads and weights. `await using` or `dispose()`
   * frees them.
   *
   * @throws InceptError of `weights/`, `file/`, `artefact/`, `toolchain/` or `cpu/`
   */
  async load<const T extends TapName<N> = never, R extends RenameMap<N> | undefined = undefined>(
    options: LoadOptions<N, T, R>,
  ): Promise<Model<N, T>> {
    const {
      weights,
      rename,
      key,
      byOrder,
      threads = 0,
      device = 0,
      spin,
      instances = 1,
      maxQueue,
      ...build
    } = loadOptions(`${this.name}.load`, options);
    this.#requireOwn(`${this.name}.load`, build.model);
    const another = Object.values(build).some((value) => value !== undefined);
    // A build may take a minute: a file that is not there is told before.
    if (another) await requireFile(weights, { key });
    const artefact = another ? await this.#variants(build) : this.#artefact;
    const make = async (artefact: Artefact): Promise<Model<N, T>> => {
      const addon = openArtefact(artefact);
      await requireMachine(addon, { threads, device, spin });
      const manifest = runningManifest(artefact.manifest, addon);
      let told: WeightsTold = { unused: [], remarks: [] };
      const how = { rename, key, byOrder, settings: manifest.settings, averaged: true };
      const ignored = (name: string): boolean => isOfAux(manifest, name);
      const opened = await openSessions(
        addon,
        instances,
        { threads, device, spin },
        async (model) => {
          told = await handWeights(weights, manifest.parameters, { ...how, ignored }, addon, model);
        },
      );
      const { unused, remarks } = told;
      if (remarks.length > 0) {
        process.emitWarning(`${this.name}: ${remarks.join("; ")}.`, "InceptWarning");
      }
      return new Model<N, T>(manifest, new InstancePool(opened, maxQueue), {
        unused,
        native: addon,
        work: addon.describe().work,
      });
    };
    try {
      return await make(artefact);
    } catch (error) {
      // Who names a GPU wants that one.
      const may = device === 0 && mayTakeCpu({ ...this.#asked, ...build }, artefact, error);
      if (!may) throw error;
      const cpu = await this.#variants(cpuInstead(build, this.#asked)).catch(() => undefined);
      if (cpu === undefined) throw error;
      process.emitWarning(`${this.name} runs on the CPU: ${error.message}`, "InceptWarning");
      return make(cpu);
    }
  }

  /**
   * Makes a trainer, after building what trains the network as the options say: losses and which
   * parameters are frozen are in its code. `await using` or `dispose()` frees its memory.
   *
   * @throws TypeError or RangeError for options that do not fit the network
   * @throws InceptError of `train/`, `weights/`, `file/`, `artefact/`, `toolchain/` or `cpu/`
   */
  async trainer<const L extends Losses<N> = DefaultLosses<N>>(
    options?: TrainerOptions<N, L>,
  ): Promise<Trainer<N, L>> {
    const call = `${this.name}.trainer`;
    const asked = trainerOptions(call, options);
    this.#requireOwn(call, asked.build.model);
    const { openTrainer } = await import("./train/open.js");
    return openTrainer<N, L>(call, this.#variants, asked);
  }

  /** Another model of the same file has other inputs and outputs than the module's types say. */
  #requireOwn(call: string, model: string | undefined): void {
    if (model === undefined || model === this.name) return;
    throw new RangeError(
      `${call}: model is ${JSON.stringify(model)}, but this module is ${this.name}; ` +
        `write loadModel(spec, { model: ${JSON.stringify(model)} }).`,
    );
  }
}

/** `auto` meant a GPU when the network was built, and now there is none that can be used. */
const mayTakeCpu = (
  { target = "auto", precision = "f32" }: BuildOptions,
  { manifest }: Artefact,
  error: unknown,
): error is InceptError =>
  target === "auto" &&
  precision === "f32" &&
  manifest.target === "cuda" &&
  error instanceof InceptError &&
  /^cuda\/(no|old)-/.test(error.code);

/** The same for the CPU, which has no GPU architectures, whoever asked for some. */
function cpuInstead({ arch: _, ...others }: BuildOptions, asked: BuildOptions): BuildOptions {
  return { ...others, target: "cpu", ...(asked.arch === undefined ? {} : { arch: [] }) };
}
