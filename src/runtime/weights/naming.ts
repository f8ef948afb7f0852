import { flag, type Readers, text } from "../check-options.js";
import type { NetworkTypes } from "../types.js";
import { type RenameMap, renameMap } from "./rename.js";
import type { CheckedSource } from "./source.js";

/** How the tensors of a checkpoint find a network's parameters, where names alone do not say it. */
export interface Naming<
  N extends NetworkTypes = NetworkTypes,
  R extends RenameMap<N> | undefined = RenameMap<N> | undefined,
> {
  /**
   * Name in the checkpoint -> name in the network, for whole names or dotted prefixes, the longest
   * first, then patterns. `{ "features.*.conv": "stage_*.conv" }`; `{ module: "" }` strips a prefix,
   * `{ "": "net" }` puts one before every name. An entry that matches nothing is warned of.
   * Default: none; a prefix that all names have is left off, which is warned of.
   */
  readonly rename?: R;
  /**
   * Which dictionary of a PyTorch file the weights are, `"ema.state_dict"`. Default: the only one
   * that holds tensors.
   */
  readonly key?: string;
  /**
   * Pairs the spec's parameters in the spec's order with the file's tensors in the file's, layer by
   * layer and each of its shape, whatever they are called. A pair that does not agree is an error.
   * Default: `false`.
   */
  readonly byOrder?: boolean;
}

export const namingReaders: Readers<Naming> = { rename: renameMap, key: text, byOrder: flag };

/** @throws TypeError for options that `weights` has no use for, or that exclude one another */
export function requireNaming(
  call: string,
  { rename, key, byOrder }: Naming,
  weights: CheckedSource | undefined,
): void {
  if (weights === undefined) {
    const [stray] =
      Object.entries({ rename, key, byOrder }).find(([, value]) => value !== undefined) ?? [];
    if (stray !== undefined) throw new TypeError(`${call}: ${stray} is for weights; name some.`);
    return;
  }
  const asked = key !== undefined ? "key" : byOrder === true ? "byOrder" : undefined;
  if (asked !== undefined && weights.kind !== "file" && weights.kind !== "bytes") {
    throw new TypeError(`${call}: ${asked} is for a checkpoint, and weights is none.`);
  }
  if (byOrder === true && rename !== undefined) {
    throw new TypeError(`${call}: byOrder goes by no names; leave rename out.`);
  }
}
