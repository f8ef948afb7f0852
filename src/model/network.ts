/**
 * A checked network: names resolved, constants folded, modules and repeats expanded, every shape
 * known. It is still the tree that the user wrote; `graph/build.ts` flattens it.
 */
import type { Frame, Source, Span } from "../diagnostics/diagnostic.js";
import type { Join } from "../ops/joins/join.js";
import type { Operator, ParameterSpec } from "../ops/operator.js";
import type { Initialiser } from "../ops/training/initialise.js";
import type { Shape } from "../ops/shape.js";
import type { Call } from "../syntax/ast.js";
import type { Read } from "./sources/read.js";

export interface Network {
  readonly name: string;
  readonly doc?: string;
  /** The spec, every file it imports in import order, the labels. */
  readonly sources: readonly Source[];
  /** Gives those files again, by the paths that the spec names, as they were. */
  readonly read: Read;
  /** The model's parameters with the values in force. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** At least one. */
  readonly inputs: readonly [NetInput, ...NetInput[]];
  readonly members: readonly NetMember[];
  readonly labels?: {
    readonly path: string;
    readonly names: readonly string[];
    readonly span: Span;
  };
  readonly train?: TrainSettings;
}

/** A window size is `{ height, width }`. */
export type Setting = number | boolean | { readonly height: number; readonly width: number };

/** For each dimension of a shape: whether other values of the model's parameters may change it. */
export type Varies = readonly boolean[];

export interface NetInput {
  readonly name: string;
  readonly doc?: string;
  readonly shape: Shape;
  readonly varies: Varies;
  /** From `from image(...)`; absent when the input is a plain tensor. */
  readonly image?: ImageInput;
  readonly span: Span;
}

/**
 * How a picture becomes the input. Value = (byte * range / 255 - mean[c]) / std[c], channels in
 * `order`; sizes in pixels.
 */
export interface ImageInput {
  /** Height and width of the input. */
  readonly size: readonly [height: number, width: number];
  /** Whether a picture keeps its proportions when it is resized. */
  readonly fit: "crop" | "stretch";
  /**
   * The short side before the centre is cropped, or both sides where it is stretched: no less than
   * the size's. Without it, both sides are stretched to the size.
   */
  readonly resize?: number;
  /** As PIL's: antialiased but for `nearest`. */
  readonly interpolation: "nearest" | "bilinear" | "bicubic";
  /** An input of one channel takes the luma. */
  readonly order: "rgb" | "bgr" | "luma";
  readonly range: number;
  /** One number a channel, as `std`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Stages feed the next one; outputs and auxes are taps where they stand. */
export interface NetMember {
  readonly kind: "stage" | "output" | "aux";
  readonly name: string;
  readonly doc?: string;
  /** What feeds it: the name of an earlier stage, or of the input. Always resolved. */
  readonly from: string;
  readonly chain: NetChain;
  /** Of the chain's output. */
  readonly varies: Varies;
  /** The loss weight of an aux. */
  readonly weight?: number;
  /** The output whose targets an aux learns, where it says one. */
  readonly like?: string;
  readonly span: Span;
}

export interface NetChain {
  readonly steps: readonly NetStep[];
  readonly input: Shape;
  readonly output: Shape;
}

interface StepBase {
  /**
   * The step's structural path, unique in the network; what `--tap` and comments name:
   * stage, then the step's index in a chain of more than one, branch label, copy number.
   */
  readonly path: string;
  readonly input: Shape;
  readonly output: Shape;
  readonly span: Span;
  /** The module expansions it sits in, innermost first. */
  readonly frames: readonly Frame[];
}

export type NetStep = OpStep | ModuleStep | JoinStep | ResidualStep | RepeatStep;

export interface OpStep extends StepBase {
  readonly kind: "op";
  /** As it is written. */
  readonly call: Call;
  readonly operator: Operator;
  /** As the operator's signature types them. */
  readonly args: unknown;
  /** The path that parameter suffixes go below, `as` applied; may be empty. */
  readonly parameterPath: string;
  readonly parameters: readonly NetParameter[];
  /** Of each parameter's shape. */
  readonly parametersVary: readonly Varies[];
  /** Whether other values of the model's parameters may give the step other weights, or none. */
  readonly presenceVaries: boolean;
}

export interface NetParameter extends ParameterSpec {
  /** The full name in a checkpoint: `inception_3a.b3.1.weight`. */
  readonly name: string;
}

export interface ModuleStep extends StepBase {
  readonly kind: "module";
  readonly module: string;
  readonly body: NetChain;
}

export interface JoinStep extends StepBase {
  readonly kind: "join";
  readonly join: Join;
  readonly branches: readonly NetBranch[];
}

export interface NetBranch {
  readonly label: string;
  readonly doc?: string;
  readonly path: string;
  /** The label's. */
  readonly span: Span;
  /** An earlier stage or the input, when the branch opens with `from`. */
  readonly from?: string;
  readonly chain: NetChain;
}

/** x + scale * f(x) */
export interface ResidualStep extends StepBase {
  readonly kind: "residual";
  readonly scale: number;
  readonly body: NetChain;
}

export interface RepeatStep extends StepBase {
  readonly kind: "repeat";
  readonly copies: readonly NetChain[];
  /** The number of the first. */
  readonly first: number;
  /** What the names of its weights begin with, before the copy's number. */
  readonly parameterPath: string;
  /** Whether other values of the model's parameters may give another number of copies, or other numbers. */
  readonly countVaries: boolean;
}

export type LossKind = "cross_entropy" | "mean_squared_error" | "sigmoid_cross_entropy";

/** What is minimised: a mean over images, and over pixels where the output is an image. */
export interface Loss {
  readonly kind: LossKind;
  /** Cross-entropy alone: the share of a target that all classes are given alike; 0 elsewhere. */
  readonly labelSmoothing: number;
  /** Cross-entropy alone: targets of this index cost nothing. */
  readonly ignore?: number;
  /** Cross-entropy alone: a factor a class. */
  readonly classWeights?: readonly number[];
}

/** The loss of an output or of an auxiliary head. */
export interface TrainLoss extends Loss {
  readonly output: string;
  /** The output whose targets it learns: its own, unless it is an auxiliary head. */
  readonly targets: string;
  /** By what the loss is multiplied before they are added up: 1 but for heads. */
  readonly weight: number;
}

/** What `train { … }` says, every default in force; inference ignores it. */
export interface TrainSettings {
  /** Of the outputs that are trained and of all auxiliary heads, as they stand in the spec. */
  readonly losses: readonly TrainLoss[];
  readonly optimizer: TrainCall;
  readonly schedule: TrainCall;
  readonly batch: number;
  readonly epochs: number;
  readonly augment: readonly TrainCall[];
  readonly init: Initialiser;
  /** The most that the norm of all gradients may be; none where it is absent. */
  readonly clipNorm?: number;
  /** Whether weight decay pulls at every parameter, or only at weights of convolutions and linears. */
  readonly decay: "all" | "weights";
  /** The decay of a moving average of the parameters; none is kept where it is absent. */
  readonly average?: number;
}

export interface TrainCall {
  readonly name: string;
  readonly args: Readonly<Record<string, number | boolean>>;
}
