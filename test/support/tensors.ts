import { SafetensorsFile } from "../../src/runtime/weights/safetensors.js";

export interface Tensors {
  readonly tensors: ReadonlyMap<string, Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** All of a .safetensors file. */
export async function readTensors(path: string): Promise<Tensors> {
  const file = await SafetensorsFile.open(path);
  const tensors = new Map<string, Float32Array>();
  for (const name of file.tensors.keys()) tensors.set(name, await file.readFloat32(name));
  await file.close();
  return { tensors, metadata: file.metadata };
}
