/** The two files that an import writes. */
import { randomBytes } from "node:crypto";
import { existsSync, renameSync, rmSync } from "node:fs";
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
  if (there.length > 0) {
    const which = there.map((path) => shownPath(path)).join(" and ");
    const what = there.length === 1 ? `${which} is there already.` : `${which} are there already.`;
    throw new InceptError("import/output", what, {
      help: "name another file, or add --force to write over what is there",
    });
  }
  await tryFile(spec);
  await tryFile(weights);
}

/**
 * Writes the weights beside their place, a tensor at a time; what stands on the disk is read again and
 * held against the model. Then both files take their places: where anything fails before, what was
 * there is there still.
 *
 * @throws InceptError of `weights/` or `file/`
 */
export async function writeFiles(places: Places, written: WrittenSpec): Promise<void> {
  const hashes = new Map<string, string>();
  const tensors = written.weights.map(({ parameter: { name, shape }, from }) => {
    const read = async (): Promise<Float32Array> => {
      const values = await from.read();
      hashes.set(name, hashOf(values));
      return values;
    };
    return [name, float32Later(shape, read)] as const;
  });
  const place = realPath(places.weights);
  const beside = `${place}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeSafetensors(beside, new Map(tensors));
    await requireSame(beside, hashes);
    writeBeside(places.spec, written.text);
    renameSync(beside, place);
  } finally {
    rmSync(beside, { force: true });
  }
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
