import { readArtefact } from "./artefact.js";
import { filePath, noOptions, Place } from "./check-options.js";
import { NetworkModule } from "./module.js";
import type { NoOptions } from "./options.js";
import type { NetworkTypes } from "./types.js";
import { onlyVariant } from "./variants.js";

/**
 * The module of a folder that `inceptc build` wrote: its manifest.json and .node file are all that
 * is read, so it works where there is no compiler, no spec and nothing else of the build.
 *
 * @throws InceptError `artefact/missing` or `artefact/manifest`
 */
export function loadArtefact<N extends NetworkTypes = NetworkTypes>(
  directory: string | URL,
  options?: NoOptions,
): Promise<NetworkModule<N>> {
  return Promise.resolve().then(() => {
    noOptions("loadArtefact", options);
    const artefact = readArtefact(filePath(directory, new Place("loadArtefact", "the folder")));
    return new NetworkModule<N>(artefact, onlyVariant(artefact));
  });
}
