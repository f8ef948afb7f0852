import type { ReadTensor } from "../../src/checkpoints/safetensors/file.js";
import { openSafetensors } from "../../src/checkpoints/open.js";

/** All tensors of a .safetensors file as it has them. */
export async function readSafetensors(path: string): Promise<Map<string, ReadTensor>> {
  const file = await openSafetensors(path);
  try {
    const result = new Map<string, ReadTensor>();
    for (const name of file.tensors.keys()) result.set(name, await file.read(name));
    return result;
  } finally {
    await file.close();
  }
}

export interface Tensors {
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** All of a .safetensors file. */
export async function readTensors(path: string): Promise<Tensors> {
  const file = await openSafetensors(path);
  const tensors = new Map<string, Float32Array>();
  for (const name of file.tensors.keys()) tensors.set(name, await file.readFloat32(name));
  await file.close();
  return { tensors, metadata: file.metadata };
}
