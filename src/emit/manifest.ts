import type { ImageInput, Setting } from "../model/network.js";
import type { ParameterSpec } from "../ops/operator.js";
import type { Shape } from "../ops/shape.js";

/** `manifest.json`: all that the runtime knows of a built network besides the binary beside it. */
export interface Manifest {
  readonly model: string;
  readonly doc?: string;
  /** The compiler's version. */
  readonly compiler: string;
  readonly target: string;
  /** The instruction set that the binary needs: `avx512`, `avx2`, `baseline`, `neon`. */
  readonly level: string;
  /** What the C++ compiler was given. */
  readonly flags: readonly string[];
  readonly precision: string;
  readonly maxBatch: number;
  /** `false` where the graph was built as written, on the reference kernels. */
  readonly passes: boolean;
  readonly settings: Readonly<Record<string, Setting>>;
  readonly input: { readonly name: string; readonly shape: Shape; readonly image?: ImageInput };
  /** In the order of the native outputs. */
  readonly outputs: readonly ManifestOutput[];
  /** In loading order. */
  readonly parameters: readonly ManifestParameter[];
  readonly labels?: readonly string[];
  readonly stages: readonly { readonly name: string; readonly shape: Shape }[];
  /** Parameter paths of the auxiliary heads that were left out. */
  readonly aux: readonly string[];
  readonly arenaBytes: number;
  readonly weightBytes: number;
  readonly kernels: number;
  readonly convolutions: number;
  /** The spec and its imports, relative to the spec's folder. */
  readonly sources: readonly { readonly path: string; readonly sha256: string }[];
  /** The .node file's name, in the manifest's folder. */
  readonly binary: string;
}

export interface ManifestOutput {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: "output" | "aux" | "tap";
  /** Whether the output's last step is a softmax: then its values are probabilities. */
  readonly softmax: boolean;
}

export interface ManifestParameter extends Pick<ParameterSpec, "shape" | "role" | "fanIn"> {
  readonly name: string;
}
