/** What a trainer takes and gives. */
import type { Initialiser } from "../../ops/training/initialise.js";
import type { BuildOptions } from "../options.js";
import type { InceptError } from "../../diagnostics/incept-error.js";
import type { Aux, Inputs, NetworkTypes, NotABuffer, TensorInput } from "../types.js";
import type { Naming } from "../weights/naming.js";
import type { RenameMap } from "../weights/rename.js";
import type { WeightSource } from "../weights/source.js";
import type { Pictures } from "./pictures.js";

/** Of class indices: PyTorch's, over the classes of a vector, or of each pixel of an image. */
export interface CrossEntropy {
  readonly kind: "cross_entropy";
  /** The share given to all classes. Default: 0. */
  readonly labelSmoothing?: number;
  /** A factor a class. Default: none. */
  readonly classWeights?: readonly number[];
  /** Targets of this index cost nothing and count for nothing. Default: none. */
  readonly ignore?: number;
}

/**
 * Of numbers against numbers, the mean over all elements. `sigmoid_cross_entropy` takes what is
 * before the output's sigmoid, where it has one.
 */
export interface Numeric {
  readonly kind: "mean_squared_error" | "sigmoid_cross_entropy";
}

export type Loss = CrossEntropy | Numeric;

/** A loss an output; one that is left out is not trained. */
export type Losses<N extends NetworkTypes> = { readonly [K in keyof N["outputs"]]?: Loss };

/** Those of the spec's `train`, else cross-entropy of every output. */
export type DefaultLosses<N extends NetworkTypes> = N extends {
  readonly losses: infer L extends Losses<N>;
}
  ? L
  : { readonly [K in keyof N["outputs"]]: CrossEntropy };

/** Class indices: one an image, or one a pixel where the output is an image. */
export type Labels = Int32Array | (Uint8Array & NotABuffer);

/** Class indices for cross-entropy, else numbers of the output's shape. */
export type TargetOf<L> = L extends Numeric ? Float32Array : Labels;

/** By output. Auxiliary heads take the targets of the output that they are `like`. */
export type Targets<N extends NetworkTypes, L extends Losses<N>> = {
  readonly [K in keyof L & keyof N["outputs"]]: TargetOf<L[K]>;
};

/** Inputs and targets by name. Their number is inferred, 1 to `batch`. */
export type Batch<N extends NetworkTypes, L extends Losses<N>> = string extends keyof N["outputs"]
  ? Readonly<Record<string, TensorInput | Int32Array>>
  : Inputs<N> & Targets<N, L>;

/** Where a data set is asked for its batches. */
export interface EpochStart {
  /** Of the epoch, from 0; evaluation asks for epoch 0. */
  readonly number: number;
  /** The trainer's: what is shuffled by `seed` and `number` alone is the same in a resumed run. */
  readonly seed: number;
  /** How many batches of this epoch a resumed run has seen already: the first to give. */
  readonly from: number;
}

/** Examples, in batches. What it gives must not change before it is asked for the next. */
export interface Data<N extends NetworkTypes, L extends Losses<N>> {
  /** Examples in an epoch, if known: schedules count by it. */
  readonly size?: number;
  /** Called anew for each epoch. */
  batches(epoch: EpochStart): AsyncIterable<Batch<N, L>>;
}

/** Numbers that are left out are the spec's, where it names the same kind, else the documented ones. */
export type Optimizer =
  | {
      readonly kind: "sgd";
      /** Learning rate. Default: 0.1. */
      readonly lr?: number;
      /** Default: 0.9. */
      readonly momentum?: number;
      /** Default: `false`. */
      readonly nesterov?: boolean;
      /** Default: 0. */
      readonly weightDecay?: number;
    }
  | {
      readonly kind: "adam" | "adamw";
      /** Learning rate. Default: 0.001. */
      readonly lr?: number;
      /** Default: 0.9. */
      readonly beta1?: number;
      /** Default: 0.999. */
      readonly beta2?: number;
      /** Default: 1e-8. */
      readonly eps?: number;
      /** Default: 0 of `adam`, where it is a part of the gradient; 0.01 of `adamw`. */
      readonly weightDecay?: number;
    }
  | {
      readonly kind: "rmsprop";
      /** Learning rate. Default: 0.01. */
      readonly lr?: number;
      /** Default: 0.99. */
      readonly alpha?: number;
      /** Default: 1e-8. */
      readonly eps?: number;
      /** Default: 0. */
      readonly momentum?: number;
      /** Default: 0. */
      readonly weightDecay?: number;
    };

/**
 * The factor on every learning rate. `step` and `cosine` follow the epochs of `fit`, by the data's
 * `size`. Without one the first epoch has one factor, that of its start, or of its middle where it
 * belongs to a warmup; its number of batches is what later ones count by. Steps outside of `fit` belong
 * to no epoch: a loop of one's own takes a function.
 */
export type Schedule =
  | { readonly kind: "constant" }
  | { readonly kind: "step"; readonly every: number; readonly factor: number }
  /** From 1 to 0 at the end of `epochs`, after it has grown from 0 over the first `warmup` of them. */
  | { readonly kind: "cosine"; readonly epochs: number; readonly warmup?: number }
  /** `step` counts all steps from 0, `epoch` those of `fit` from 0. */
  | ((at: { readonly step: number; readonly epoch: number }) => number);

interface Start<N extends NetworkTypes, L extends Losses<N>> extends Omit<
  BuildOptions<string, N>,
  "maxBatch" | "tap"
> {
  /** By output. Default: those of the spec's `train`, else cross-entropy of every output. */
  readonly loss?: L & { readonly [K in Exclude<keyof L, keyof N["outputs"]>]: never };
  /** How often the losses of auxiliary heads count. Default: as the spec says, else 0.3. */
  readonly auxWeights?: { readonly [K in keyof Aux<N>]?: number };
  /** The most examples of a step; memory is taken for as many. Default: the spec's, else 32. */
  readonly batch?: number;
  /** Default: the spec's, else `sgd`. */
  readonly optimizer?: Optimizer;
  /** Default: the spec's, else `constant`. */
  readonly schedule?: Schedule;
  /**
   * Factors on the learning rate, by patterns of parameter names in which `*` stands for any text;
   * the last that fits wins. 0 freezes: the parameter is left out of what is built. Default: 1.
   */
  readonly learningRates?: Readonly<Record<string, number>>;
  /**
   * Where `learningRates` freezes the first layers: runs pictures of a data set through those once and
   * keeps what they make of it, so that the rest trains in a fraction of the time; nothing is augmented
   * then. Auxiliary heads are left out. Memory holds the kept values of every picture. Default: `false`.
   */
  readonly keepFeatures?: boolean;
  /** Whether weights alone decay, or biases and norms' factors too. Default: the spec's, else `all`. */
  readonly decay?: "all" | "weights";
  /** The largest norm of all gradients together. Default: the spec's, else none. */
  readonly clipNorm?: number;
  /**
   * Has an average follow parameters and running statistics, average * a + value * (1 - a) after each
   * step: what is evaluated and exported then. At first `a` is (1 + step) / (10 + step), where that is
   * less, so that the average is soon rid of the first values (TensorFlow's `num_updates`, as Inception
   * was trained). Default: the spec's, else none.
   */
  readonly average?: number;
  /** On the CPU. Results do not hang on it. Default: the physical cores. */
  readonly threads?: number;
  /** Of first values, of dropout, and of what data make of it; 0 to 4294967295. Default: 0. */
  readonly seed?: number;
}

export type TrainerOptions<N extends NetworkTypes, L extends Losses<N>> = Start<N, L> &
  (
    | (Naming<N, RenameMap<N>> & {
        /** As `load` takes them. Default: initialised, as the spec's `train` says. */
        readonly weights?: WeightSource<N>;
        /**
         * Patterns of parameters to initialise although `weights` has them, or lacks them, or has
         * them in another shape.
         */
        readonly fresh?: readonly string[];
        /**
         * How parameters begin that `weights` does not give: He's `kaiming`, Glorot's `xavier`, or
         * GoogLeNet's `truncated_normal`. Default: the spec's, else `kaiming`.
         */
        readonly init?: Initialiser;
        readonly resume?: never;
      })
    | {
        /**
         * A file that `save` wrote. It brings its own options; those that are given win, but a
         * function that was the `schedule` has to be given again.
         */
        readonly resume: string | URL;
        readonly weights?: never;
        readonly rename?: never;
        readonly key?: never;
        readonly byOrder?: never;
        readonly fresh?: never;
        readonly init?: never;
      }
  );

/** The names of trained outputs and of auxiliary heads. */
type Trained<N extends NetworkTypes, L> =
  (keyof L & keyof N["outputs"] & string) | (keyof Aux<N> & string);

export interface StepResult<N extends NetworkTypes, L extends Losses<N>> {
  /** From 1. */
  readonly step: number;
  /** What is minimised: weighted, auxiliary heads included, weight decay not. */
  readonly loss: number;
  /** Unweighted, of each trained output and head. */
  readonly losses: Readonly<Record<Trained<N, L>, number>>;
  /** Share of right answers in this batch, by output with classes, in training mode. */
  readonly accuracy: Readonly<Partial<Record<keyof L & keyof N["outputs"] & string, number>>>;
  readonly learningRate: number;
  /** Of all gradients together, before they are clipped. */
  readonly gradientNorm: number;
}

export interface Score {
  readonly loss: number;
  /** Shares of right answers, the likeliest and among the five likeliest; of outputs with classes. */
  readonly top1?: number;
  readonly top5?: number;
  /** How often a class (row) was taken for another (column); of 2048 classes at most. */
  readonly confusion?: Uint32Array;
}

export interface Evaluation<N extends NetworkTypes, L extends Losses<N>> {
  readonly examples: number;
  /** The sum of the outputs' own. */
  readonly loss: number;
  readonly outputs: Readonly<Record<keyof L & keyof N["outputs"] & string, Score>>;
}

export interface EpochResult<N extends NetworkTypes, L extends Losses<N>> {
  /** Its number, from 0. */
  readonly epoch: number;
  /** The mean loss of its steps, while they were made. */
  readonly train: number;
  /** The mean share of right answers of its steps, by output with classes. */
  readonly accuracy: StepResult<N, L>["accuracy"];
  /** Of its last step. */
  readonly learningRate: number;
  readonly validation?: Evaluation<N, L>;
}

export interface FitOptions<N extends NetworkTypes, L extends Losses<N>> {
  /**
   * Goes on until as many have ended, those before a resume and of earlier calls included. Default:
   * the spec's, else 10.
   */
  readonly epochs?: number;
  /** Evaluated after each epoch; of pictures nothing is augmented. */
  readonly validate?: Data<N, L> | Pictures;
  /** Ends the run after the step under way. */
  readonly signal?: AbortSignal;
  /** Awaited between steps; an error ends the run after the step, which is kept. */
  readonly onStep?: (result: StepResult<N, L> & { readonly epoch: number }) => void | Promise<void>;
  /**
   * Awaited after each epoch, before its checkpoints are written; `"stop"` ends the run. What it
   * records a killed run may record again, and never lacks.
   */
  readonly onEpoch?: (result: EpochResult<N, L>) => void | "stop" | Promise<void | "stop">;
  /**
   * Writes `last.checkpoint` and `best.checkpoint` into a folder, which is made where there is none:
   * the last one at the end and as often as `every` says (default: each epoch; of steps and epochs
   * either or both), the best after each
   * epoch whose mean `top1` (without classes, whose loss) in validation, else whose mean loss, is
   * better than all before.
   */
  readonly checkpoints?: {
    readonly directory: string | URL;
    readonly every?:
      | { readonly steps: number; readonly epochs?: number }
      | { readonly steps?: number; readonly epochs: number };
  };
  /** What becomes of a last batch of fewer than `batch` examples. Default: `"drop"`. */
  readonly lastBatch?: "drop" | "keep";
  /** Of pictures: their random changes, or none. Default: those of the spec's `train`. */
  readonly augment?: false | readonly Augment[];
  /** Of pictures, in validation too. */
  readonly onBroken?: OnBroken;
}

/**
 * A random change of a training picture. `crop` takes a window of the input's size in any place of the
 * resized picture, which has `pad` (default: 0) black pixels on each side, instead of its centre;
 * `flip` mirrors half of the pictures, left to right.
 */
export type Augment = { readonly kind: "crop"; readonly pad?: number } | { readonly kind: "flip" };

/**
 * Told of each picture that cannot be read, which is then left out: its batch is shorter by one. An
 * error of it ends the run. Default: the first such picture ends the run, with that error.
 */
export type OnBroken = (error: InceptError) => void | Promise<void>;

/** Of a step. */
export interface StepOptions {
  /** Ends the waiting at once, with the signal's reason; what has begun goes on to its end. */
  readonly signal?: AbortSignal;
}

export interface EvaluateOptions extends StepOptions {
  /** Of pictures. */
  readonly onBroken?: OnBroken;
}

export interface FitResult<N extends NetworkTypes, L extends Losses<N>> {
  /** Epochs that have ended, as the trainer's `epoch`. */
  readonly epochs: number;
  /** By the signal or by `onEpoch`, before all epochs had ended. */
  readonly stopped: boolean;
  /** Absent where no step was made: a run resumed where its last epoch had all of them. */
  readonly last?: StepResult<N, L>;
}
