import { InceptError } from "../diagnostics/incept-error.js";
import { visibleJson } from "../diagnostics/visible.js";
import { shownPath } from "../files/display.js";
import type { Manifest } from "../emit/manifest.js";
import { fromNative, type NativeAddon, type NativeSession, type SessionOptions } from "./addon.js";
import { type Artefact, openArtefact } from "./artefact.js";
import { Model } from "./model.js";
import { loadOptions } from "./option-readers.js";
import type { BuildOptions, LoadOptions } from "./options.js";
import { InstancePool } from "./pool.js";
import type { ModelName, NetworkTypes, ParameterName, TapName } from "./types.js";
import { loadWeights, requireFile } from "./weights/load.js";
import type { RenameMap } from "./weights/rename.js";

/** Finds, or compiles, the variant of a network that the options name. */
export type Variants = (options: BuildOptions) => Promise<Artefact>;

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
      threads = 0,
      device = 0,
      instances = 1,
      maxQueue,
      ...build
    } = loadOptions(`${this.name}.load`, options);
    this.#requireOwn(build.model);
    const another = Object.values(build).some((value) => value !== undefined);
    // A build may take a minute: a file that is not there is told before.
    if (another) await requireFile(weights);
    const artefact = another ? await this.#variants(build) : this.#artefact;
    const make = async ({ directory, manifest }: Artefact): Promise<Model<N, T>> => {
      const addon = openArtefact({ directory, manifest });
      await requireMachine(addon, { threads, device });
      const { values, unused, remarks } = await loadWeights(weights, manifest.parameters, {
        ...(rename === undefined ? {} : { rename }),
        ignored: (name) => isOfAux(manifest, name),
      });
      const names = manifest.parameters.map((parameter) => parameter.name);
      const opened = await openSessions(addon, instances, { threads, device }, names, values);
      if (remarks.length > 0) {
        process.emitWarning(`${this.name}: ${remarks.join("; ")}.`, "InceptWarning");
      }
      return new Model<N, T>(manifest, new InstancePool(opened, maxQueue), {
        unused,
        native: addon,
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

  /** Another model of the same file has other inputs and outputs than the module's types say. */
  #requireOwn(model: string | undefined): void {
    if (model === undefined || model === this.name) return;
    throw new RangeError(
      `${this.name}.load: model is ${JSON.stringify(model)}, but this module is ${this.name}; ` +
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

/** Whether a tensor belongs to an auxiliary head, which inference leaves out. */
const isOfAux = (manifest: Manifest, name: string): boolean =>
  manifest.aux.some((aux) => name.startsWith(`${aux}.`));

/** As many sessions as there are instances, over one set of prepared weights. */
async function openSessions(
  addon: NativeAddon,
  count: number,
  options: SessionOptions,
  names: readonly string[],
  values: readonly Float32Array[],
): Promise<NativeSession[]> {
  const opened: NativeSession[] = [];
  const model = new addon.Model();
  try {
    await model.load(names, values);
    for (let i = 0; i < count; i++) {
      const session = new addon.Session();
      await session.open(model, options);
      opened.push(session);
    }
    return opened;
  } catch (error) {
    for (const session of opened) session.dispose();
    throw fromNative(error);
  } finally {
    model.dispose();
  }
}

/** A machine that lacks something is told before the weights are read. */
async function requireMachine(addon: NativeAddon, options: SessionOptions): Promise<void> {
  try {
    await addon.probe(options);
  } catch (error) {
    throw fromNative(error);
  }
}

/** A built folder offers what it was built for and nothing else. */
export const onlyVariant =
  (artefact: Artefact): Variants =>
  (options) => {
    const { directory, manifest } = artefact;
    const wrong = Object.entries(options as Record<string, unknown>).find(
      ([option, value]) => value !== undefined && !isBuiltWith(manifest, option, value),
    );
    if (wrong === undefined) return Promise.resolve(artefact);
    const [option, value] = wrong;
    return Promise.reject(
      new InceptError(
        "artefact/variant",
        `${shownPath(directory)} was not built with ${option} ${visibleJson(value)}.`,
        { help: "leave the option out, or use loadModel with the spec" },
      ),
    );
  };

function isBuiltWith(manifest: Manifest, option: string, value: unknown): boolean {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  switch (option as keyof BuildOptions) {
    case "target":
      return value === "auto" || value === manifest.target;
    case "set":
      return Object.entries(value as object).every(([k, v]) => same(v, manifest.settings[k]));
    case "tap":
      return (value as string[]).every((tap) => manifest.outputs.some(({ name }) => name === tap));
    case "without":
      return same([...new Set(value as string[])].sort(), [...manifest.without].sort());
    case "builder":
    case "arch":
      return true;
    default:
      return value === manifest[option as keyof Manifest];
  }
}
