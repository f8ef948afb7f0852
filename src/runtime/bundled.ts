import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseManifest } from "../emit/parse-manifest.js";
import type { Artefact } from "./artefact.js";
import { NetworkModule } from "./module.js";
import { onlyVariant } from "./variants.js";

/**
 * What `import net from "./foo.incept"` is in a bundle: the binary is a file that travels beside it,
 * under a name that the bundler chose, and the manifest is part of its code.
 *
 * @param binary its file URL
 * @param manifest its text
 */
export function bundledNetwork(binary: URL, manifest: string): NetworkModule {
  const file = fileURLToPath(binary);
  const built = parseManifest(file, manifest);
  const artefact: Artefact = {
    directory: dirname(file),
    manifest: { ...built, binary: basename(file) },
  };
  return new NetworkModule(artefact, onlyVariant(artefact));
}
