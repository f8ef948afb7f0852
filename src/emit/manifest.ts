import { visibleJson } from "../diagnostics/visible.js";
import { buildGraph } from "../graph/build.js";
import { parametersOf } from "../graph/graph.js";
import type { Digest } from "../files/digest.js";
import type { ImageInput, NetInput, Network, Setting } from "../model/network.js";
import type { Shape } from "../ops/shape.js";
import type { ProgramParts } from "../targets/program.js";
import { type ManifestParameter, manifestParameter } from "./manifest-parameter.js";
import type { ManifestTraining, TrainingDefaults } from "./manifest-training.js";
import { type ManifestOutput, outputsOf } from "./outputs.js";
import { version } from "./package.js";
import { levelsOf, type Project, sha256, sourcePath } from "./project.js";
import { trainingDefaults } from "./training-defaults.js";
import { trainingManifest } from "./training-manifest.js";

export interface ManifestInput {
  readonly name: string;
  readonly shape: Shape;
  readonly image?: ImageInput;
}

/** `manifest.json`: all that the runtime knows of a built network besides the binary beside it. */
export interface Manifest {
  readonly model: string;
  readonly doc?: string;
  /** The compiler's version. */
  readonly compiler: string;
  readonly target: string;
  /**
   * The instruction set that the binary needs, `avx512`, or all that it chooses from, best first:
   * `avx512 avx2 baseline`.
   */
  readonly level: string;
  /** What the C++ compiler was given. */
  readonly flags: readonly string[];
  readonly precision: string;
  readonly maxBatch: number;
  /** `false` where the graph was built as written, on the reference kernels. */
  readonly passes: boolean;
  /** Whether linear maps in a row were made one. */
  readonly algebra: boolean;
  /** Whether all sums are of what the definition's are of. */
  readonly strict: boolean;
  /** Passes that were left out. */
  readonly without: readonly string[];
  /** Kernels that were taken wherever they could be. */
  readonly force: readonly string[];
  readonly settings: Readonly<Record<string, Setting>>;
  /** In the order of the native inputs. */
  readonly inputs: readonly [ManifestInput, ...ManifestInput[]];
  /** In the order of the native outputs. */
  readonly outputs: readonly ManifestOutput[];
  /** In loading order. */
  readonly parameters: readonly ManifestParameter[];
  readonly labels?: readonly string[];
  readonly stages: readonly { readonly name: string; readonly shape: Shape }[];
  /** Parameter paths of the auxiliary heads that were left out. */
  readonly aux: readonly string[];
  /** How it is trained unless a trainer is told otherwise. Early versions did not write it. */
  readonly train?: TrainingDefaults;
  /** Of a build that can train. */
  readonly training?: ManifestTraining;
  readonly arenaBytes: number;
  readonly weightBytes: number;
  readonly kernels: number;
  readonly convolutions: number;
  /** Of a build for several instruction sets what it is for each; above stands what it is for the best. */
  readonly programs?: readonly ManifestProgram[];
  /** The spec, its imports and its labels, relative to the spec's folder. */
  readonly sources: readonly { readonly path: string; readonly sha256: string }[];
  /** The .node file's name, in the manifest's folder. */
  readonly binary: string;
  /** What that file has to be to be loaded. Early versions did not write it. */
  readonly binaryDigest?: Digest;
}

/** What hangs on the instruction set. */
export type ManifestProgram = Pick<
  Manifest,
  "level" | "flags" | "arenaBytes" | "weightBytes" | "kernels" | "convolutions"
>;

/**
 * What the manifest of a project says before it is compiled; `binary` is the .node file's name to
 * be.
 */
export function manifestOf(project: Project, binary: string): Manifest {
  const { network, graph, program, lesser = [], precision, maxBatch } = project;
  const { passes, algebra, strict, without, force } = project;
  const { target, arenaBytes } = program;
  const programs = [program, ...lesser.map((each) => each.program)].map(manifestProgram);
  return {
    model: network.name,
    ...wordingOf(network),
    compiler: version,
    target,
    ...programs[0]!,
    level: levelsOf(project),
    precision,
    maxBatch,
    passes,
    algebra,
    strict,
    without,
    force,
    settings: network.settings,
    inputs: [inputOf(network.inputs[0]), ...network.inputs.slice(1).map(inputOf)],
    outputs: outputsOf(graph),
    parameters: parametersOf(graph).map(manifestParameter),
    ...(network.labels === undefined ? {} : { labels: network.labels.names }),
    stages: network.members
      .filter(({ kind }) => kind === "stage")
      .map((stage) => ({ name: stage.name, shape: stage.chain.output })),
    aux: project.aux === true ? [] : auxPaths(network),
    ...(project.training && { training: trainingManifest(project.training) }),
    arenaBytes: target === "cpu" ? arenaBytes : arenaBytes * maxBatch,
    ...(lesser.length === 0 ? {} : { programs }),
    binary,
  };
}

const manifestProgram = ({
  level,
  flags,
  arenaBytes,
  weightBytes,
  kernels,
  convolutions,
}: ProgramParts): ManifestProgram => ({
  level,
  flags,
  arenaBytes,
  weightBytes,
  kernels,
  convolutions,
});

const inputOf = ({ name, shape, image }: NetInput): ManifestInput => ({
  name,
  shape,
  ...(image === undefined ? {} : { image }),
});

/** The text of `manifest.json`. */
export const manifestText = (manifest: Manifest): string => `${visibleJson(manifest, 2)}\n`;

/**
 * What a manifest says of the spec's wording, and of how a trainer begins. A build outlives it: of a
 * network that is only worded or to be trained otherwise since, it is the same.
 */
export const wordingOf = (network: Network): Pick<Manifest, "doc" | "sources" | "train"> => ({
  ...(network.doc === undefined ? {} : { doc: network.doc }),
  train: trainingDefaults(network),
  sources: network.sources.map((source) => ({
    path: sourcePath(network, source),
    sha256: sha256(source.text),
  })),
});

/**
 * Parameter paths of the auxiliary heads: the shortest dotted paths under which a checkpoint holds
 * parameters of theirs and none of the network's own.
 */
export function auxPaths(network: Network): readonly string[] {
  if (!network.members.some(({ kind }) => kind === "aux")) return [];
  const own = parametersOf(buildGraph(network)).map(({ name }) => name);
  const all = parametersOf(buildGraph(network, { aux: true })).map(({ name }) => name);
  const known = new Set(own);
  const ofAux = all.filter((name) => !known.has(name));
  return [...new Set(ofAux.map((name) => shortestPath(name, own)))];
}

function shortestPath(name: string, own: readonly string[]): string {
  const words = name.split(".");
  const paths = words.map((_, i) => words.slice(0, i + 1).join("."));
  return paths.find((path) => !own.some((other) => other.startsWith(`${path}.`))) ?? name;
}
