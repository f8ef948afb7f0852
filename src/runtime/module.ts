import { InceptError } from "../diagnostics/incept-error.js";
import type { Manifest } from "../emit/manifest.js";
import { fromNative, type NativeAddon, type NativeInstance } from "./addon.js";
import { type Artefact, openArtefact } from "./artefact.js";
import { Model } from "./model.js";
import type { BuildOptions, LoadOptions } from "./options.js";
import type { NetworkTypes, TapName } from "./types.js";
import { loadWeights } from "./weights/source.js";

/** Finds, or compiles, the variant of a network that the options name. */
export type Variants = (options: BuildOptions) => Promise<Artefact>;

/**
 * A compiled network without weights: what `import net from "./foo.incept"`, `loadModel` and
 * `loadArtefact` give.
 */
export class NetworkModule<N extends NetworkTypes = NetworkTypes> {
  /** The model's name in the spec. */
  readonly name: string;
  /** Parameters of a checkpoint, in loading order. */
  readonly parameters: Manifest["parameters"];
  readonly #artefact: Artefact;
  readonly #variants: Variants;

  constructor(artefact: Artefact, variants: Variants) {
    this.name = artefact.manifest.model;
    this.parameters = artefact.manifest.parameters;
    this.#artefact = artefact;
    this.#variants = variants;
  }

  /**
   * Makes a model that runs: native memory, threads and weights. `await using` or `dispose()`
   * frees them.
   *
   * @throws InceptError of `weights/`, `file/`, `artefact/`, `toolchain/` or `cpu/`
   */
  async load<const T extends TapName<N> = never>(options: LoadOptions<N, T>): Promise<Model<N, T>> {
    const { weights, rename, threads, instances, ...build } = checkOptions(this.name, options);
    const wanted = Object.values(build).some((value) => value !== undefined);
    const artefact = wanted ? await this.#variants(build) : this.#artefact;
    const { manifest } = artefact;
    const addon = openArtefact(artefact);
    const { values, unused } = await loadWeights(weights, manifest.parameters, {
      ...(rename === undefined ? {} : { rename }),
      ignored: (name) => isOfAux(manifest, name),
    });
    const names = manifest.parameters.map((parameter) => parameter.name);
    const made = await makeInstances(addon, instances, threads, names, values);
    return new Model<N, T>(manifest, made, unused);
  }
}

/** Whether a tensor belongs to an auxiliary head, which inference leaves out. */
const isOfAux = (manifest: Manifest, name: string): boolean =>
  manifest.aux.some((aux) => name.startsWith(`${aux}.`));

async function makeInstances(
  addon: NativeAddon,
  count: number,
  threads: number,
  names: readonly string[],
  values: readonly Float32Array[],
): Promise<NativeInstance[]> {
  const made: NativeInstance[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const instance = new addon.Instance(threads);
      made.push(instance);
      await instance.load(names, values);
    }
    return made;
  } catch (error) {
    for (const instance of made) instance.dispose();
    throw fromNative(error);
  }
}

type Checked<N extends NetworkTypes, T extends TapName<N>> = LoadOptions<N, T> & {
  readonly threads: number;
  readonly instances: number;
};

function checkOptions<N extends NetworkTypes, T extends TapName<N>>(
  name: string,
  options: LoadOptions<N, T>,
): Checked<N, T> {
  const call = `${name}.load`;
  if (typeof options !== "object" || options === null || options.weights === undefined) {
    throw new TypeError(`${call}: weights is missing; name a .safetensors file or random:1.`);
  }
  const { threads = 0, instances = 1 } = options;
  requireCount(call, "threads", threads, 0);
  requireCount(call, "instances", instances, 1);
  return { ...options, threads, instances };
}

function requireCount(call: string, option: string, value: unknown, least: number): void {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= 1024) return;
  throw new RangeError(
    `${call}: ${option} is ${String(value)}, expected a whole number of ${least} to 1024.`,
  );
}

/** A built folder offers what it was built for and nothing else. */
export const onlyVariant =
  (artefact: Artefact): Variants =>
  (options) => {
    const { manifest } = artefact;
    const same = Object.entries(options).every(
      ([key, value]) =>
        value === undefined ||
        value === manifest[key as keyof Manifest] ||
        (key === "target" && value === "auto"),
    );
    if (same) return Promise.resolve(artefact);
    return Promise.reject(
      new InceptError(
        "artefact/variant",
        `${artefact.directory} holds ${manifest.model} for ${manifest.target}, ${manifest.precision}, maxBatch ${manifest.maxBatch} and cannot be rebuilt.`,
        { help: "load it without build options, or use loadModel with the spec" },
      ),
    );
  };
