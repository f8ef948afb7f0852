/** MNIST and what is like it, by the names of their files. */
import { basename, join } from "node:path";
import { splitOfName } from "./split-names.js";
import type { FoundData } from "./found-data.js";
import { idx, isImagesName } from "./idx.js";
import { namesIn } from "./names-in.js";

/** `train-images-idx3-ubyte` and `t10k-images-idx3-ubyte`, compressed or not. */
export async function idxFolder(folder: string): Promise<FoundData | undefined> {
  const names = (await namesIn(folder)).filter(isImagesName);
  // Both forms of a file are one: the one that needs no memory is read.
  const own = names.filter((name) => !(name.endsWith(".gz") && names.includes(name.slice(0, -3))));
  const of = (what: "train" | "held"): string | undefined =>
    own.find((name) => splitOfName(name) === what);
  const [train, held] = [of("train"), of("held")];
  if (train === undefined) return undefined;
  const validation = held === undefined ? undefined : await idx(join(folder, held));
  return { kind: "idx", train: await idx(join(folder, train)), ...(validation && { validation }) };
}

/** One file of pictures; its labels lie beside it. */
export async function idxFile(file: string): Promise<FoundData | undefined> {
  if (!isImagesName(basename(file))) return undefined;
  return { kind: "idx", train: await idx(file) };
}
