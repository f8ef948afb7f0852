/** CIFAR-10 and CIFAR-100 by the names and sizes of their files. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { cannotRead } from "../files/failure.js";
import { cifar10, cifar100, cifarRowBytes } from "./cifar.js";
import type { FoundData } from "./found-data.js";
import { namesIn } from "./names-in.js";
import { splitOfName } from "./split-names.js";

/** A folder as their archives hold it, or one of such files; any of the batches may be missing. */
export async function cifarFolder(folder: string): Promise<FoundData | undefined> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith(".bin"));
  const filesFor = (part: "train" | "held"): string[] =>
    names
      .filter((name) => splitOfName(name) === part)
      .sort((a, b) => numberIn(a) - numberIn(b))
      .map((name) => join(folder, name));
  const [train, held] = [filesFor("train"), filesFor("held")];
  if (train.length === 0) return undefined;
  const kind = kindOf(await sizeOf(train[0]!));
  if (kind === undefined) return undefined;
  const open = kind === "cifar10" ? cifar10 : cifar100;
  const found = { kind, train: await open(train) };
  return held.length === 0 ? found : { ...found, validation: await open(held) };
}

/** `data_batch_10` comes after `data_batch_2`. */
const numberIn = (name: string): number => Number(/\d+/.exec(name)?.[0] ?? 0);

/** One file of rows. */
export async function cifarFile(file: string): Promise<FoundData | undefined> {
  const size = await sizeOf(file);
  const kind = size === 0 ? undefined : kindOf(size);
  if (kind === undefined) return undefined;
  return { kind, train: await (kind === "cifar10" ? cifar10(file) : cifar100(file)) };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    throw cannotRead({ path, what: "pictures" }, cause);
  }
}

/** Of files as small as one of both kinds could be, the rows of CIFAR-10 are likelier. */
function kindOf(size: number): "cifar10" | "cifar100" | undefined {
  if (size % cifarRowBytes.cifar10 === 0) return "cifar10";
  return size % cifarRowBytes.cifar100 === 0 ? "cifar100" : undefined;
}
