/** One file of a spec, its names resolved: what a chain written in it can see. */
import type { Frame } from "../../diagnostics/diagnostic.js";
import type { Diagnostics } from "../../diagnostics/diagnostics.js";
import type { Trace } from "../../ops/trace.js";
import type { ArgValue } from "../../ops/value.js";
import type { Module, SpecFile } from "../../syntax/ast.js";

export interface Unit {
  readonly file: SpecFile;
  /** Declared here or imported, by the name they have here. */
  readonly modules: Map<string, ModuleRef>;
  readonly consts: Map<string, ConstRef>;
  /** By operator, then by argument: values that the operator's kinds have read. */
  readonly defaults: Map<string, ReadonlyMap<string, unknown>>;
  /** Names of imports that failed; a finding says so, and nothing more is said of them. */
  readonly missing: Set<string>;
  readonly found: Diagnostics;
}

/** A module sees the names of the file that declares it, not of the one that calls it. */
export interface ModuleRef {
  readonly module: Module;
  readonly unit: Unit;
}

/** A constant of this file or an imported one; `constants.ts` makes them. */
export interface ConstRef {
  /** Undefined where a finding says why. Evaluated when it is first used. */
  value(from: Site): ArgValue | undefined;
}

/** Where something is being read: what its names mean, and which expansions led there. */
export interface Site {
  readonly unit: Unit;
  /** Parameters of the module or model; undefined where a finding already says why. */
  readonly params: ReadonlyMap<string, ArgValue | undefined>;
  /** What each of these parameters depends on, by name. */
  readonly traces: ReadonlyMap<string, Trace>;
  /** `in`: the channels that enter the chain; absent outside of chains. */
  readonly entering?: { readonly channels: number | undefined; readonly trace: Trace };
  /** Innermost first. */
  readonly frames: readonly Frame[];
  /** Where findings go: the file's, but for what is only tried. */
  readonly found: Diagnostics;
  /** How many constants are being evaluated, one for another. */
  readonly constants?: number;
}
