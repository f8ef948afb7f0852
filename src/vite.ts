import { noOptions } from "./runtime/check-options.js";
import { isSpec, moduleSource } from "./spec-module.js";

/** The part of Vite's plugin interface that is used, so that Vite itself need not be installed. */
export interface InceptPlugin {
  readonly name: "inceptc";
  readonly enforce: "pre";
  load(id: string, options?: { ssr?: boolean }): string | undefined;
}

/**
 * Vite's and Vitest's way to `import net from "./foo.incept"`: `plugins: [incept()]`. A compiled
 * network is native code, so only modules for Node may import one.
 */
export default function incept(options?: Readonly<Record<string, never>>): InceptPlugin {
  noOptions("incept", options);
  return {
    name: "inceptc",
    enforce: "pre",
    load(id, options) {
      if (!isSpec(id)) return undefined;
      if (options?.ssr !== true) {
        throw new TypeError(`${id} is native code for Node and cannot be part of a page.`);
      }
      return moduleSource(id);
    },
  };
}
