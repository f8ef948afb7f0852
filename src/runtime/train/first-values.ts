/** What parameters are before the first step. */
import { InceptError } from "../../diagnostics/incept-error.js";
import type { Manifest } from "../../emit/manifest.js";
import type { ManifestParameter } from "../../emit/manifest-parameter.js";
import { initialise, type Initialiser } from "../../ops/training/initialise.js";
import { isOfAux } from "../artefact.js";
import { loadWeights, requireFile } from "../weights/load.js";
import type { RenameMap } from "../weights/rename.js";
import type { CheckedSource } from "../weights/source.js";
import { fits, requireFits } from "./patterns.js";

/** The weights that training begins with, and how they find the parameters. */
interface Beginning {
  readonly weights?: CheckedSource | undefined;
  readonly rename?: RenameMap | undefined;
  readonly key?: string | undefined;
  readonly byOrder?: boolean | undefined;
  readonly fresh?: readonly string[] | undefined;
}

interface Start extends Beginning {
  readonly init: Initialiser;
  readonly seed: number;
}

/** What is said of the network besides its parameters. */
type Known = Pick<Manifest, "aux" | "settings">;

/**
 * Looks at the file of weights before anything is compiled for it.
 *
 * @throws what `firstValues` throws for what the file is or lacks
 */
export async function requireWeights(
  call: string,
  network: Known,
  parameters: readonly ManifestParameter[],
  beginning: Beginning,
): Promise<void> {
  const { weights, key } = beginning;
  if (weights === undefined) return;
  const { given, naming } = halves(call, network, parameters, beginning);
  await requireFile(weights, { parameters: given, key, ...naming }).catch(mayBeFresh);
}

/** The parameters that weights give, and how they are found. */
function halves(
  call: string,
  network: Known,
  parameters: readonly ManifestParameter[],
  { rename, byOrder, fresh = [] }: Beginning,
) {
  const names = parameters.map(({ name }) => name);
  requireFits(call, { option: "fresh", what: "parameter" }, fresh, names);
  const isFresh = (name: string): boolean => fresh.some((pattern) => fits(pattern, name));
  const given = parameters.filter(({ name }) => !isFresh(name));
  const { settings } = network;
  const ignored = (name: string): boolean => isFresh(name) || isOfAux(network, name);
  return { isFresh, given, naming: { rename, byOrder, settings, ignored } };
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
  start: Start,
): Promise<ReadonlyMap<string, Float32Array>> {
  const { init, seed, weights, key } = start;
  const { isFresh, given, naming } = halves(call, manifest, parameters, start);
  if (weights === undefined) return initialise(parameters, init, seed);
  const { values, remarks } = await loadWeights(weights, given, { key, ...naming }).catch(
    mayBeFresh,
  );
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
