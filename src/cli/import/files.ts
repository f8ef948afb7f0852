/** The two files that an import writes. */
import { randomBytes } from "node:crypto";
import { constants, copyFileSync, existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { writeBeside } from "../../build/disk/write-beside.js";
import { tryFile } from "../../build/disk/writable.js";
import { openCheckpoint } from "../../checkpoints/open.js";
import { float32Later, writeSafetensors } from "../../checkpoints/safetensors/write.js";
import { bug } from "../../diagnostics/bug.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { realPath } from "../../files/real-path.js";
import type { WrittenSpec } from "../../import/written.js";
import { hashOf } from "./hash.js";

export interface Places {
  readonly spec: string;
  /** Beside the spec, with its name. */
  readonly weights: string;
}

/** @throws InceptError `import/output` for a name that is no spec's */
export function placesOf(output: string): Places {
  const found = /^(.*[^/\\])\.incept$/s.exec(output);
  if (found !== null) return { spec: output, weights: `${found[1]!}.safetensors` };
  throw new InceptError("import/output", `${shownPath(output)} is not the name of a spec.`, {
    help: "give it the ending .incept; the weights go beside it, with .safetensors",
  });
}

/**
 * Refuses to write over what the import reads.
 *
 * @param read the model, and the files beside it that hold its weights
 * @throws InceptError `import/output`
 */
export function requireOthers({ spec, weights }: Places, read: readonly string[]): void {
  const files = new Set(read.map((path) => realPath(path)));
  const own = [spec, weights].find((path) => files.has(realPath(path)));
  if (own === undefined) return;
  throw new InceptError("import/output", `${shownPath(own)} holds weights of the model itself.`, {
    help: "give the spec another name, or another folder",
  });
}

/**
 * Whether both can be written, before a large model is read.
 *
 * @throws InceptError `import/output` where one is there and may be somebody's work, or of `file/`
 */
export async function requireFree({ spec, weights }: Places, force: boolean): Promise<void> {
  const there = force ? [] : [spec, weights].filter((path) => existsSync(path));
  if (there.length > 0) throw taken(there);
  await tryFile(spec);
  await tryFile(weights);
}

/**
 * Writes the weights beside their place, a tensor at a time; what stands on the disk is read again and
 * held against the model. Then both files take their places: where anything fails before, what was
 * there is there still.
 *
 * @param force whether they may take the place of others
 * @throws InceptError of `weights/` or `file/`, and `import/output` where something came there meanwhile
 */
export async function writeFiles(
  places: Places,
  written: WrittenSpec,
  force: boolean,
): Promise<void> {
  const hashes = new Map<string, string>();
  const tensors = written.weights.map(({ parameter: { name, shape }, from }) => {
    const read = async (): Promise<Float32Array> => {
      const values = await from.read();
      hashes.set(name, hashOf(values));
      return values;
    };
    return [name, float32Later(shape, read)] as const;
  });
  const [spec, weights] = [places.spec, places.weights].map(besideOf) as [Beside, Beside];
  try {
    await writeSafetensors(weights.file, new Map(tensors));
    await requireSame(weights.file, hashes);
    writeBeside(spec.file, written.text);
    takePlace(weights, force);
    try {
      takePlace(spec, force);
    } catch (cause) {
      if (!force) rmSync(weights.place, { force: true });
      throw cause;
    }
  } finally {
    for (const { file } of [spec, weights]) rmSync(file, { force: true });
  }
}

/** A file while it is written, and where it belongs. */
interface Beside {
  readonly file: string;
  readonly place: string;
}

function besideOf(path: string): Beside {
  const place = realPath(path);
  return { place, file: `${place}.${process.pid}-${randomBytes(4).toString("hex")}.tmp` };
}

/** What came there while a model was read stays, unless it is forced. */
function takePlace({ file, place }: Beside, force: boolean): void {
  if (force) return renameSync(file, place);
  try {
    link(file, place);
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === "EEXIST" ? taken([place]) : cause;
  }
}

/** Not every file system has links. */
function link(file: string, place: string): void {
  try {
    linkSync(file, place);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw cause;
    copyFileSync(file, place, constants.COPYFILE_EXCL);
  }
}

function taken(there: readonly string[]): InceptError {
  const which = there.map((path) => shownPath(path)).join(" and ");
  const what = there.length === 1 ? `${which} is there already.` : `${which} are there already.`;
  return new InceptError("import/output", what, {
    help: "name another file, or add --force to write over what is there",
  });
}

async function requireSame(path: string, hashes: ReadonlyMap<string, string>): Promise<void> {
  const file = await openCheckpoint(path);
  try {
    for (const [name, hash] of hashes) {
      if (hashOf(await file.readFloat32(name)) !== hash) bug(`${name} was written otherwise`);
    }
  } finally {
    await file.close();
  }
}
