import { createHash } from "node:crypto";
import { basename, dirname, relative } from "node:path";
import type { Source, Span } from "../diagnostics/diagnostic.js";
import { positionAt } from "../diagnostics/source.js";
import type { Graph } from "../graph/graph.js";
import type { Network } from "../model/network.js";
import type { Parameter } from "../graph/value.js";
import type { OutputLoss } from "../autodiff/loss.js";
import type { CpuProgram, GpuPrecision, Program, TrainingProgram } from "../targets/program.js";

/** One variant of a network, lowered: all that the emitted files are made of. */
export interface Project {
  readonly network: Network;
  /** As planned: after the passes, or as written under --no-passes. */
  readonly graph: Graph;
  readonly program: Program;
  /** Where it is for several instruction sets, what it is for lesser ones, best first. */
  readonly lesser?: readonly Lowered[];
  readonly precision: GpuPrecision;
  readonly maxBatch: number;
  readonly passes: boolean;
  readonly algebra: boolean;
  readonly strict: boolean;
  /** Passes that were left out. */
  readonly without: readonly string[];
  /** Kernels that were taken wherever they could be. */
  readonly force: readonly string[];
  readonly aux?: boolean;
  /** Where the build trains, too. */
  readonly training?: Training;
  /** What a person would type to get it; only ever printed. */
  readonly command: string;
}

/** The same network for an instruction set of the CPU. */
export interface Lowered {
  /** As planned: its kernels read other layouts, and its packed weights lie elsewhere. */
  readonly graph: Graph;
  readonly program: CpuProgram;
}

/** `avx512 avx2 baseline`, best first; `sm_80 sm_90` */
export const levelsOf = ({ program, lesser = [] }: Pick<Project, "program" | "lesser">): string =>
  [program, ...lesser.map((each) => each.program)].map(({ level }) => level).join(" ");

/** The program that trains a network, beside the one that answers. */
export interface Training {
  /** As planned. */
  readonly graph: Graph;
  readonly program: TrainingProgram;
  readonly losses: readonly OutputLoss[];
  /** Outputs whose loss takes what a softmax or sigmoid made of: probabilities are what they give. */
  readonly ofProbabilities: ReadonlySet<string>;
  /** All that a checkpoint holds, those of the auxiliary heads included. */
  readonly parameters: readonly Parameter[];
  /** Those that would learn, but that no loss hangs on. */
  readonly unreached: readonly Parameter[];
  /** Path of the last step before those that it trains, where it begins with that step's value. */
  readonly front?: string;
}

/** A source's path from the spec's folder, the same wherever the build runs. */
export function sourcePath(network: Network, source: Source): string {
  const spec = network.sources[0]?.file;
  if (spec === undefined || source.file === undefined) return basename(source.path);
  return relative(dirname(spec), source.file).replaceAll("\\", "/");
}

/** `googlenet.incept:31:5` */
export function placeText(network: Network, { source, start }: Span): string {
  const { line, column } = positionAt(source, start);
  return `${sourcePath(network, source)}:${line}:${column}`;
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
