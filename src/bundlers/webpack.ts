/** webpack and Rspack: a `new URL(file, import.meta.url)` is an asset to both. */
import type { BinaryCode } from "../emit/bundled.js";
import type { Bundled } from "./bundled-module.js";

export const webpackBinary = ({ binary }: Bundled): BinaryCode => ({
  imports: [],
  url: `new URL(${JSON.stringify(binary)}, import.meta.url)`,
});

/** What both compilers are asked. */
interface Compiler {
  readonly options: { readonly target?: unknown };
}

/** @throws TypeError where the bundle is for a browser */
export function requireNodeTarget({ options }: Compiler): void {
  const targets = [options.target].flat().map((target) => String(target));
  if (targets.some((target) => /^(async-)?node|^electron-(main|preload)/.test(target))) return;
  throw new TypeError(
    `incept: .incept files are native code for Node, but the bundle's target is ${targets.join(", ")}; set target: "node".`,
  );
}
