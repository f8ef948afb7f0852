import { OpenedSpec } from "../runtime/compile.js";
import type { CompileOptions } from "../runtime/options.js";
import type { Manifest } from "../emit/manifest.js";
import { join } from "node:path";

/** What specs are built with; the rest is said in them. */
export type InceptPluginOptions = Omit<CompileOptions, "onProgress">;

/** A spec compiled for a bundle. */
export interface Bundled {
  readonly manifest: Manifest;
  /** The binary on this machine, absolute; it travels under a name of the bundler's. */
  readonly binary: string;
  /** The files that it was made of: a bundler that watches builds again when one changes. */
  readonly sources: readonly string[];
}

/** @throws InceptError as `loadModel` */
export async function compileForBundle(
  spec: string,
  options: InceptPluginOptions,
): Promise<Bundled> {
  const opened = OpenedSpec.open(spec, options);
  opened.writeTypes();
  const { directory, manifest } = await opened.compile({});
  return { manifest, binary: join(directory, manifest.binary), sources: opened.sources };
}
