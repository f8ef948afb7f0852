/** Rollup, Rolldown and Vite: the binary is an emitted asset, known by its reference. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Plugin } from "vite";
import { displayPath } from "../files/display.js";
import type { BinaryCode } from "../emit/bundled.js";
import type { Bundled } from "./bundled-module.js";

/** `emitFile` answers with the asset's reference, which the types common to all bundlers leave out. */
interface Emitting {
  emitFile(file: { type: "asset"; name: string; source: Uint8Array }): string;
}

/** @param assets gets the references of what is emitted */
export const emittedBinary =
  (assets: Set<string>) =>
  ({ binary }: Bundled, context: unknown): BinaryCode => {
    const file = { type: "asset", name: basename(binary), source: readFileSync(binary) } as const;
    const reference = (context as Emitting).emitFile(file);
    assets.add(reference);
    return { imports: [], url: `new URL(import.meta.ROLLUP_FILE_URL_${reference})` };
  };

/** What Vite does beyond Rollup, and what of that is undone. */
export class ViteHooks {
  /** References of our assets. */
  readonly assets = new Set<string>();
  /** The development server and Vitest load specs as Node does: there is no bundle to ship. */
  serving = false;

  readonly hooks: Partial<Plugin> = {
    config: (_, { command }) => {
      this.serving = command === "serve";
      // `vite build --ssr` drops assets otherwise, as a build for the browser has written them.
      return { build: { ssrEmitAssets: true } };
    },
    // Vite addresses assets as a web server does; this one is opened as a file.
    resolveFileUrl: ({ referenceId, relativePath }) =>
      referenceId !== undefined && this.assets.has(referenceId)
        ? `new URL(${JSON.stringify(relativePath)}, import.meta.url).href`
        : null,
  };
}

/** @throws TypeError where Vite loads a spec for a browser */
export function refusePages(spec: string, [options]: readonly unknown[]): void {
  if ((options as { ssr?: boolean } | undefined)?.ssr === true) return;
  throw new TypeError(`${displayPath(spec)} is native code for Node and cannot be part of a page.`);
}
