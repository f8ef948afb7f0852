/** The same numbers for all who are compared: files that every contestant reads. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { elements, type Shape } from "../ops/shape.js";
import { uniform } from "../runtime/weights/random.js";
import type { Files } from "./protocol.js";

interface Port {
  readonly name: string;
  readonly shape: Shape;
}

/** Numbers in -2..2, about what a normalised picture has; each image has its own. */
export async function writeInputs(
  folder: string,
  inputs: readonly Port[],
  batch: number,
): Promise<Files> {
  const files = inputs.map(({ name }, i) => [name, join(folder, `${batch}-${i}.f32`)] as const);
  for (const [i, { name, shape }] of inputs.entries()) {
    const values = uniform(name, batch * elements(shape), -2, 2);
    await writeFile(files[i]![1], new Uint8Array(values.buffer));
  }
  return Object.fromEntries(files);
}
