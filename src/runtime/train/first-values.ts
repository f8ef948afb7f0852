/** What parameters are before the first step. */
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Manifest } from "../../emit/manifest.js";
import type { ManifestParameter } from "../../emit/manifest-parameter.js";
import { initialise, type Initialiser } from "../../ops/training/initialise.js";
import { isOfAux } from "../artefact.js";
import { loadWeights } from "../weights/load.js";
import type { RenameMap } from "../weights/rename.js";
import type { CheckedSource } from "../weights/source.js";
import { fits, requireFits } from "./patterns.js";

interface Start {
  readonly init: Initialiser;
  readonly seed: number;
  readonly weights?: CheckedSource | undefined;
  readonly rename?: RenameMap | undefined;
  readonly key?: string | undefined;
  readonly byOrder?: boolean | undefined;
  readonly fresh?: readonly string[] | undefined;
}

/**
 * Values of the parameters, by name: drawn, or those of `weights` but for what is `fresh`.
 *
 * @param call as messages name it
 * @throws TypeError for a pattern that fits nothing
 * @throws InceptError of `weights/` or `file/`
 */
export async function firstValues(
  call: string,
  manifest: Manifest,
  parameters: readonly ManifestParameter[],
  { init, seed, weights, rename, key, byOrder, fresh = [] }: Start,
): Promise<ReadonlyMap<string, Float32Array>> {
  const names = parameters.map(({ name }) => name);
  requireFits(call, { option: "fresh", what: "parameter" }, fresh, names);
  if (weights === undefined) return initialise(parameters, init, seed);
  const isFresh = (name: string): boolean => fresh.some((pattern) => fits(pattern, name));
  const given = parameters.filter(({ name }) => !isFresh(name));
  const { values, remarks } = await loadWeights(weights, given, {
    rename,
    key,
    byOrder,
    settings: manifest.settings,
    ignored: (name) => isFresh(name) || isOfAux(manifest, name),
  }).catch((error) => mayBeFresh(error));
  if (remarks.length > 0) {
    process.emitWarning(`${manifest.model}: ${remarks.join("; ")}.`, "InceptWarning");
  }
  const drawn = initialise(parameters, init, seed, isFresh);
  return new Map([...drawn, ...given.map(({ name }, i) => [name, values[i]!] as const)]);
}

/** Training can do without what a checkpoint lacks. */
function mayBeFresh(error: unknown): never {
  if (!(error instanceof InceptError) || !/^weights\/(missing|shape)$/.test(error.code))
    throw error;
  // What is missing by a prefix alone is there.
  if (error.code === "weights/missing" && error.help !== undefined) throw error;
  const fresh = 'have them initialised instead: fresh: ["…"], with their names or patterns of them';
  const help = error.help === undefined ? fresh : `${error.help}; or ${fresh}`;
  throw new InceptError(error.code, error.message, { help, cause: error });
}
