/**
 * Node's module customisation hook for .incept files. It runs on the loader thread where
 * `module.register` is all there is, so it knows only how to write the module's source; the
 * network is found, or compiled, when that source runs.
 */
import type { LoadHook } from "node:module";
import { isSpec, nodeModuleSource } from "./spec-module.js";

export const load: LoadHook = (url, context, nextLoad) =>
  isSpec(url)
    ? { format: "module", shortCircuit: true, source: nodeModuleSource(url) }
    : nextLoad(url, context);
