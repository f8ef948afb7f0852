/** A network with as many classes as the data, where a parameter of its model says how many it has. */
import { checkFile } from "../../model/check-file.js";
import type { Network } from "../../model/network.js";
import type { Pictures } from "../../runtime/train/pictures.js";
import { classesOf } from "../labelled.js";
import type { ModelFlags } from "../network.js";

export interface Fitted {
  readonly network: Network;
  /** The parameter that was given another value, as `--set` takes it; none where all was right. */
  readonly set?: { readonly name: string; readonly value: string };
}

/**
 * The network as it is where the classes agree, or where no parameter of its model makes them agree:
 * then `requirePictures` says what is wrong. What `--set` says stays.
 *
 * @param pictures whose classes may also be some of the network's, by name
 */
export function withClassesOf(
  spec: string,
  flags: ModelFlags,
  network: Network,
  pictures: Pictures,
): Fitted {
  const count = classesOf(network);
  if (count === undefined || count === pictures.classes || areNamed(network, pictures)) {
    return { network };
  }
  const value = String(pictures.classes);
  const fitting = Object.entries(network.settings).flatMap(([name, is]): Fitted[] => {
    if (is !== count || flags.set?.[name] !== undefined) return [];
    const { network: other, diagnostics } = checkFile(spec, {
      ...flags,
      set: { ...flags.set, [name]: value },
    });
    const isSound =
      other !== undefined && diagnostics.every(({ severity }) => severity !== "error");
    if (!isSound || classesOf(other) !== pictures.classes) return [];
    return [{ network: other, set: { name, value } }];
  });
  // Of several nobody can say which one is meant.
  return fitting.length === 1 ? fitting[0]! : { network };
}

const areNamed = ({ labels }: Network, pictures: Pictures): boolean =>
  labels !== undefined &&
  pictures.labels !== undefined &&
  pictures.labels.every((label) => labels.names.includes(label));
