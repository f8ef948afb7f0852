import { resolve } from "node:path";
import { filePath, Place } from "./check-options.js";
import { NetworkModule } from "./module.js";
import { compileOptions } from "./option-readers.js";
import type { OpenedSpec } from "./compile.js";
import type { CompileOptions } from "./options.js";
import type { NetworkTypes } from "./types.js";
import type { Variants } from "./variants.js";

/**
 * Compiles a network, unless that was done before, and gives its module; keeps `foo.d.incept.ts`
 * beside the spec up to date where it can. The type parameter is what that file exports, for callers
 * who cannot import the spec itself. The spec is read once: every variant that the module loads
 * later is of the same text.
 *
 * Under NODE_ENV=production nothing is compiled or written, and a spec without a build of the network
 * that it describes now is refused: a server is no place to find out that a compiler is missing.
 * Comments, documentation and layout may have changed since.
 *
 * @param spec a .incept file, relative to the working folder, or a file URL
 * @throws InceptError `spec/invalid` with the findings, `artefact/stale` in production, or of
 *   `file/`, `toolchain/`, `build/`
 */
export async function loadModel<N extends NetworkTypes = NetworkTypes>(
  spec: string | URL,
  options?: CompileOptions<N>,
): Promise<NetworkModule<N>> {
  const { onProgress, ...asked } = compileOptions("loadModel", options);
  const file = resolve(filePath(spec, new Place("loadModel", "the spec")));
  const { OpenedSpec } = await import("./compile.js");
  const opened = OpenedSpec.open(file, asked);
  if (!inProduction()) opened.writeTypes();
  const variants = variantsOf(opened, onProgress);
  return new NetworkModule<N>(await variants({}), variants, asked);
}

export const inProduction = (): boolean => process.env.NODE_ENV === "production";

/** What a module's `load` may ask for: compiled where it has to be and may. */
export const variantsOf =
  (opened: OpenedSpec, onProgress?: CompileOptions["onProgress"]): Variants =>
  async (options) =>
    inProduction() ? opened.find(options) : opened.compile(options, onProgress);

/**
 * What `import net from "./foo.incept"` runs.
 *
 * @param url the spec's file URL
 * @throws InceptError as `loadModel`
 */
export const importSpec = (url: string, options?: CompileOptions): Promise<NetworkModule> =>
  loadModel(new URL(url), options);
