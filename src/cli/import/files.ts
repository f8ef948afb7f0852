/** The two files that an import writes. */
import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { writeBeside } from "../../build/disk/write-beside.js";
import { tryFile } from "../../build/disk/writable.js";
import { openCheckpoint } from "../../checkpoints/open.js";
import { float32Later, writeSafetensors } from "../../checkpoints/safetensors/write.js";
import { bug } from "../../diagnostics/bug.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import type { WrittenSpec } from "../../import/written.js";

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
 * Writes the weights, a tensor at a time, then the spec; what stands on the disk is read again and held
 * against the model. Nothing is left where either fails.
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
  await writeSafetensors(places.weights, new Map(tensors));
  try {
    await requireSame(places.weights, hashes);
    writeBeside(places.spec, written.text);
  } catch (error) {
    rmSync(places.weights, { force: true });
    throw error;
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

const hashOf = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
