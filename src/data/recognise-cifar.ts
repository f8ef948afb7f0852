/** CIFAR-10 and CIFAR-100 by the names and sizes of their files. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { cifar10, cifar100, cifarRowBytes } from "./cifar.js";
import { namesIn } from "./names-in.js";
import type { FoundData } from "./found-data.js";

/** A folder as their archives hold it; any of the batches may be missing. */
export async function cifarFolder(folder: string): Promise<FoundData | undefined> {
  const names = await namesIn(folder);
  const has = (name: string): boolean => names.includes(name);
  const files = (...list: readonly string[]): string[] => list.map((name) => join(folder, name));
  const batches = names.filter((name) => /^data_batch_\d+\.bin$/.test(name)).sort(byNumber);
  if (batches.length > 0) {
    const train = await cifar10(files(...batches));
    const test = has("test_batch.bin") ? await cifar10(files("test_batch.bin")) : undefined;
    return { kind: "cifar10", train, ...(test && { validation: test }) };
  }
  if (!has("train.bin")) return undefined;
  const [own] = files("train.bin");
  const kind = kindOf((await stat(own!)).size);
  if (kind === undefined) return undefined;
  const open = kind === "cifar10" ? cifar10 : cifar100;
  const train = await open(files("train.bin"));
  const test = has("test.bin") ? await open(files("test.bin")) : undefined;
  return { kind, train, ...(test && { validation: test }) };
}

const byNumber = (a: string, b: string): number =>
  Number(/\d+/.exec(a)![0]) - Number(/\d+/.exec(b)![0]);

/** One file of rows. */
export async function cifarFile(file: string): Promise<FoundData | undefined> {
  const { size } = await stat(file);
  const kind = size === 0 ? undefined : kindOf(size);
  if (kind === undefined) return undefined;
  return { kind, train: await (kind === "cifar10" ? cifar10(file) : cifar100(file)) };
}

/** Of files as small as one of both kinds could be, the rows of CIFAR-10 are likelier. */
function kindOf(size: number): "cifar10" | "cifar100" | undefined {
  if (size % cifarRowBytes.cifar10 === 0) return "cifar10";
  return size % cifarRowBytes.cifar100 === 0 ? "cifar100" : undefined;
}
