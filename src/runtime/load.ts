import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArtefact } from "./artefact.js";
import { NetworkModule, onlyVariant, type Variants } from "./module.js";
import type { CompileOptions } from "./options.js";
import type { NetworkTypes } from "./types.js";

/**
 * Compiles a network, unless that was done before, and gives its module; keeps `foo.d.incept.ts`
 * beside the spec up to date where it can. The type parameter is what that file exports, for callers
 * who cannot import the spec itself.
 *
 * Under NODE_ENV=production nothing is compiled or written, and a spec without a build of its
 * present text is refused: a server is no place to find out that a compiler is missing.
 *
 * @param spec a .incept file, relative to the working folder, or a file URL
 * @throws InceptError `spec/invalid` with the findings, `artefact/stale` in production, or of
 *   `file/`, `toolchain/`, `build/`
 */
export async function loadModel<N extends NetworkTypes = NetworkTypes>(
  spec: string | URL,
  { onProgress, ...options }: CompileOptions = {},
): Promise<NetworkModule<N>> {
  const file = resolve(spec instanceof URL ? fileURLToPath(spec) : spec);
  const variants: Variants = async (more) => {
    const { compile, findCompiled } = await import("./compile.js");
    const wanted = { ...options, ...more };
    if (process.env.NODE_ENV === "production") return findCompiled(file, wanted);
    return compile(file, wanted, onProgress);
  };
  return new NetworkModule<N>(await variants({}), variants, options);
}

/**
 * What `import net from "./foo.incept"` runs.
 *
 * @param url the spec's file URL
 * @throws InceptError as `loadModel`
 */
export const importSpec = (url: string): Promise<NetworkModule> => loadModel(new URL(url));

/**
 * The module of a folder that `inceptc build` wrote: its manifest.json and .node file are all that
 * is read, so it works where there is no compiler, no spec and nothing else of the build.
 *
 * @throws InceptError `artefact/missing` or `artefact/manifest`
 */
export function loadArtefact<N extends NetworkTypes = NetworkTypes>(
  directory: string | URL,
): Promise<NetworkModule<N>> {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  return Promise.resolve().then(() => {
    const artefact = readArtefact(folder);
    return new NetworkModule<N>(artefact, onlyVariant(artefact));
  });
}
