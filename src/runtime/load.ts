import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readArtefact } from "./artefact.js";
import { NetworkModule, onlyVariant, type Variants } from "./module.js";
import type { BuildOptions } from "./options.js";
import type { NetworkTypes } from "./types.js";

/**
 * Compiles a network, unless that was done before, and gives its module. The type parameter is
 * what the generated `.d.incept.ts` exports, for callers who cannot import the spec itself.
 *
 * @param spec a .incept file, relative to the working folder, or a file URL
 * @throws InceptError `spec/invalid` with the findings, or of `file/`, `toolchain/`, `build/`
 */
export async function loadModel<N extends NetworkTypes = NetworkTypes>(
  spec: string | URL,
  options: BuildOptions = {},
): Promise<NetworkModule<N>> {
  const file = resolve(spec instanceof URL ? fileURLToPath(spec) : spec);
  return moduleOf<N>(async (more) => {
    const { compile } = await import("./compile.js");
    return compile(file, { ...options, ...more });
  }, options);
}

/**
 * What `import net from "./foo.incept"` runs. Under NODE_ENV=production a spec without a build of
 * its present text is refused: a server is no place to find out that a compiler is missing.
 *
 * @param url the spec's file URL
 * @throws InceptError as `loadModel`, and `artefact/stale`
 */
export function importSpec(url: string): Promise<NetworkModule> {
  if (process.env.NODE_ENV !== "production") return loadModel(new URL(url));
  return moduleOf(async (options) => {
    const { findCompiled } = await import("./compile.js");
    return findCompiled(fileURLToPath(url), options);
  });
}

const moduleOf = async <N extends NetworkTypes>(
  variants: Variants,
  asked: BuildOptions = {},
): Promise<NetworkModule<N>> => new NetworkModule<N>(await variants({}), variants, asked);

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
