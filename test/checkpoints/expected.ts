import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Checkpoint } from "../../src/checkpoints/checkpoint.js";

const root = "test/fixtures-checkpoints";

/** A tensor as a script printed it; numbers as strings, since JSON has no infinities. */
interface Printed {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly values: readonly string[];
}

export type PrintedTensors = Readonly<Record<string, Printed>>;

/** Each file in a folder of fixtures with what its maker read out of it. */
export function printed(folder: string): readonly (readonly [string, PrintedTensors])[] {
  const text = readFileSync(join(root, folder, "expected.json"), "utf8");
  const files = JSON.parse(text) as Readonly<Record<string, PrintedTensors | string>>;
  // A file that holds the same as another names it.
  return Object.entries(files).map(([file, is]) => [
    file,
    typeof is === "string" ? (files[is] as PrintedTensors) : is,
  ]);
}

export const fixture = (...path: readonly string[]): string => join(root, ...path);

/** Every tensor that was printed, in that order, to the last bit. */
export async function expectPrinted(
  checkpoint: Checkpoint,
  tensors: PrintedTensors,
): Promise<void> {
  const known = [...checkpoint.tensors.keys()].filter((name) => Object.hasOwn(tensors, name));
  expect(known).toEqual(Object.keys(tensors));
  for (const [name, { shape, dtype, values }] of Object.entries(tensors)) {
    expect(checkpoint.tensors.get(name)).toMatchObject({ name, shape, dtype });
    const expected = Float32Array.from(values.map(pythonNumber));
    expect([name, await checkpoint.readFloat32(name)]).toEqual([name, expected]);
  }
}

const pythonNumber = (text: string): number =>
  Number(text.replace("inf", "Infinity").replace("nan", "NaN"));
