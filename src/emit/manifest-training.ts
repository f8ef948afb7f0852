/** What a manifest says about training: how the network is trained, and the program that does it. */
import type { LossKind, OutputLoss } from "../autodiff/loss.js";
import type { DType, Extent } from "../ops/primitive.js";
import type { Shape } from "../ops/shape.js";
import type { Initialiser } from "../ops/training/initialise.js";
import type {
  Augmentation,
  OptimizerSettings,
  ScheduleSettings,
} from "../ops/training/settings.js";
import type { ManifestParameter } from "./manifest-parameter.js";

/**
 * How the network is trained unless a trainer is told otherwise: what the spec's `train` block says,
 * with the defaults of what it does not. Builds for inference say it too, so that a trainer knows what
 * to build.
 */
export interface TrainingDefaults {
  /** Of the outputs that are trained; none where they have to be said, as of an output of one number. */
  readonly losses: readonly {
    readonly output: string;
    readonly kind: LossKind;
    /** Of cross-entropy: the share given to all classes. */
    readonly labelSmoothing: number;
    /** Of cross-entropy: targets of this index cost nothing. */
    readonly ignore?: number;
    /** Of cross-entropy: a factor a class. */
    readonly classWeights?: readonly number[];
  }[];
  readonly heads: readonly TrainingHead[];
  readonly optimizer: OptimizerSettings;
  readonly schedule: ScheduleSettings;
  readonly batch: number;
  readonly epochs: number;
  /** Of pictures. Early versions did not write it. */
  readonly augment: readonly Augmentation[];
  readonly init: Initialiser;
  readonly clipNorm?: number;
  readonly decay: "all" | "weights";
  /** The decay of an average that follows the parameters. */
  readonly average?: number;
}

/** An auxiliary head, which inference leaves out. */
export interface TrainingHead {
  readonly name: string;
  readonly shape: Shape;
  /** How often its loss counts. */
  readonly weight: number;
  /** The output whose targets it learns. Default: the only one that is trained. */
  readonly like?: string;
  /** Parameters that inference leaves out with it. */
  readonly parameters: readonly ManifestParameter[];
}

/** The training program of a `--train` build. */
export interface ManifestTraining {
  readonly losses: readonly (OutputLoss & {
    /**
     * What the output's values are: numbers that the loss takes as they are, or what a softmax or
     * sigmoid made of those.
     */
    readonly of: "logits" | "probabilities";
  })[];
  /** In native order: the network's inputs, targets, and numbers of the run. */
  readonly inputs: readonly {
    readonly name: string;
    readonly shape: Shape;
    readonly dtype: DType;
    readonly extent: Exclude<Extent, "model">;
  }[];
  /** In native order, one number each: `loss`, `loss:NAME`, `accuracy:NAME`. */
  readonly results: readonly string[];
  /** In native order, the heads' included; those that learn have a gradient. */
  readonly parameters: readonly (ManifestParameter & { readonly learns: boolean })[];
  /** Parameters that would learn, but that no loss hangs on. */
  readonly unreached: readonly string[];
  /**
   * Path of the step whose value the program takes in the place of the network's input, under the
   * input's name. Absent where it takes the input.
   */
  readonly front?: string;
  /** Steps that measure one value a channel of an image: a batch of one image has no variance there. */
  readonly oneValue: readonly string[];
  readonly imageBytes: number;
  readonly batchBytes: number;
  readonly weightBytes: number;
}
