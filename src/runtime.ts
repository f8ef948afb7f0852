/**
 * `inceptc/runtime`: runs what `inceptc build` or a bundler's plugin made. It imports no compiler and
 * no build tool, and sharp only to read pictures.
 */
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
export { bundledNetwork } from "./runtime/bundled.js";
export { loadArtefact } from "./runtime/load-artefact.js";
export type { Model } from "./runtime/model.js";
export type { NetworkModule } from "./runtime/module.js";
export type { Pictures } from "./runtime/train/pictures.js";
export type { Trainer } from "./runtime/train/trainer.js";
export type {
  Data,
  DefaultLosses,
  FitOptions,
  Losses,
  StepResult,
  TrainerOptions,
} from "./runtime/train/types.js";
