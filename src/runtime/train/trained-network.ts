import type { Manifest } from "../../emit/manifest.js";
import type { ManifestTraining } from "../../emit/manifest-training.js";
import type { NativeAddon } from "../addon.js";

/** A build that trains, as its addon and its manifest say. */
export interface TrainedNetwork {
  readonly addon: NativeAddon;
  readonly manifest: Manifest;
  readonly training: ManifestTraining;
}
