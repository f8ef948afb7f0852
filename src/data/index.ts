/** Data sets, and what is made of them: what the package exports of this room. */
export { cifar10, cifar100, type Cifar100Options } from "./cifar.js";
export { idx } from "./idx.js";
export { imageFolder, type PictureFolder } from "./image-folder.js";
export type { DataKind } from "./found-data.js";
export { openData, type OpenDataOptions, type OpenedData } from "./open-data.js";
export { split, type Split, type SplitOptions } from "./split.js";
