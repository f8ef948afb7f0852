/** The package's programming interface; README.md shows it in use. */
export type { InceptErrorCode } from "./diagnostics/error-codes.js";
export { InceptError } from "./diagnostics/incept-error.js";
export {
  cifar10,
  cifar100,
  type Cifar100Options,
  type DataKind,
  idx,
  imageFolder,
  openData,
  type OpenDataOptions,
  type OpenedData,
  type PictureFolder,
  split,
  type Split,
  type SplitOptions,
} from "./data/index.js";
export { importSpec, loadModel } from "./runtime/load.js";
export { loadArtefact } from "./runtime/load-artefact.js";
export type { Model } from "./runtime/model.js";
export type { NetworkModule } from "./runtime/module.js";
export type { Classification } from "./runtime/classify.js";
export type { BlobLike } from "./runtime/image/blob.js";
export type { ImageSource } from "./runtime/image/picture.js";
export type { CanvasPixels, RawPixels } from "./runtime/image/pixels.js";
export type { ModelInfo } from "./runtime/info.js";
export type { BuildEvent } from "./build/request.js";
export type {
  BuildOptions,
  ClassifyOptions,
  CompileOptions,
  LoadOptions,
  NoOptions,
  PictureOptions,
  RunOptions,
} from "./runtime/options.js";
export type { LabelSource } from "./runtime/labels.js";
export type { Pictures } from "./runtime/train/pictures.js";
export type { Trainer } from "./runtime/train/trainer.js";
export type {
  Augment,
  Batch,
  CrossEntropy,
  Data,
  DefaultLosses,
  EpochResult,
  EpochStart,
  EvaluateOptions,
  Evaluation,
  FitOptions,
  FitResult,
  Labels,
  Loss,
  Losses,
  Numeric,
  OnBroken,
  Optimizer,
  Schedule,
  Score,
  StepOptions,
  StepResult,
  TargetOf,
  Targets,
  TrainerOptions,
} from "./runtime/train/types.js";
export type {
  ClassOutput,
  Inputs,
  ModelName,
  NetworkTypes,
  Outputs,
  ParameterName,
  Settings,
  TapName,
  TensorInput,
} from "./runtime/types.js";
export type { RenameMap } from "./runtime/weights/rename.js";
export type { WeightSource } from "./runtime/weights/source.js";
