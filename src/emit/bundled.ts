import type { Manifest } from "./manifest.js";

/** How a module names its binary: rows that import, and an expression for its URL. */
export interface BinaryCode {
  readonly imports: readonly string[];
  readonly url: string;
}

/**
 * A built network as a JavaScript module that holds the manifest, in a bundle or a package: it needs
 * `inceptc/runtime` and the binary. It waits for nothing, so that CommonJS can have it too.
 */
export function bundledModule(manifest: Manifest, { imports, url }: BinaryCode): string {
  const text = JSON.stringify(JSON.stringify(manifest));
  return [
    `import { bundledNetwork } from "inceptc/runtime";`,
    ...imports,
    `export default bundledNetwork(${url}, ${text});`,
    "",
  ].join("\n");
}
