import type { Pictures } from "../runtime/train/pictures.js";

/** What kind of data there may be. */
export type DataKind = "cifar10" | "cifar100" | "idx" | "folder";

/** What lies at a path, before a share of it is held back. */
export interface FoundData {
  readonly kind: DataKind;
  readonly train: Pictures;
  /** Pictures that the data themselves set aside. */
  readonly validation?: Pictures;
  /** What they set aside beside that. */
  readonly test?: Pictures;
  /** Files in folders of pictures that are none by their names. */
  readonly ignored?: number;
}
