/** Small files as data sets have them, in a folder that goes with the test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { Pictures } from "../../src/index.js";

export function dataFolder(): {
  readonly path: string;
  write(name: string, content: string | Uint8Array): string;
} {
  const path = mkdtempSync(join(tmpdir(), "incept-data-"));
  afterAll(() => rmSync(path, { recursive: true }));
  return {
    path,
    write: (name, content) => {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}

/** The byte of a pixel of picture `i`: another one for each place. */
const sample = (i: number, channel: number, y: number, x: number): number =>
  (i * 31 + channel * 85 + y * 7 + x * 3) % 256;

/** Rows of CIFAR: the labels of each picture, then its planes. */
export function cifarRows(labels: readonly (readonly number[])[]): Buffer {
  const planes = (i: number): number[] =>
    Array.from({ length: 3072 }, (_, at) =>
      sample(i, Math.floor(at / 1024), Math.floor(at / 32) % 32, at % 32),
    );
  return Buffer.concat(labels.map((own, i) => Buffer.from([...own, ...planes(i)])));
}

/** The pixels of picture `i` of those, R,G,B side by side. */
export const cifarPixels = (i: number): number[] =>
  Array.from({ length: 3072 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return sample(i, at % 3, Math.floor(pixel / 32), pixel % 32);
  });

/** An IDX file of bytes. */
export function idxFile(sides: readonly number[], values: readonly number[]): Buffer {
  const head = Buffer.alloc(4 + 4 * sides.length);
  head.writeUInt8(8, 2);
  head.writeUInt8(sides.length, 3);
  sides.forEach((side, i) => head.writeUInt32BE(side, 4 + 4 * i));
  return Buffer.concat([head, Buffer.from(values)]);
}

/** The classes of all pictures. */
export const labelsOf = (pictures: Pictures): number[] =>
  Array.from({ length: pictures.size }, (_, i) => pictures.label(i));
