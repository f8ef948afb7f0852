import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { damaged } from "../damage.js";
import { type HdfObject, messageType } from "./object.js";
import { unsupported } from "./unsupported.js";

/** What was done to the bytes of a chunk, one after the other, before it was written. */
export interface Filter {
  readonly id: number;
  /** Of shuffled bytes, how many make an element. */
  readonly elementBytes: number;
}

const ids = { deflate: 1, shuffle: 2, fletcher32: 3 } as const;

/** Of filters that are not undone here, for messages. */
const names: Readonly<Record<number, string>> = {
  4: "szip",
  5: "nbit",
  6: "scale-offset",
  32000: "LZF",
  32001: "Blosc",
  32004: "LZ4",
  32008: "bitshuffle",
  32013: "ZFP",
  32015: "Zstandard",
  32026: "Blosc2",
};

/**
 * @throws InceptError `weights/unreadable` for a filter that is not known
 *
 * HDF5 file format specification, IV.A.2.l.
 */
export function filtersOf(object: HdfObject): readonly Filter[] {
  const cursor = object.find(messageType.filters);
  if (cursor === undefined) return [];
  const isOld = cursor.version(1, 2) === 1;
  const count = cursor.u8();
  if (isOld) cursor.skip(6);
  const seen = new Set<number>();
  return Array.from({ length: count }, () => {
    const id = cursor.u16();
    const nameBytes = isOld || id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);
    const values = cursor.u16();
    cursor.skip(isOld ? Math.ceil(nameBytes / 8) * 8 : nameBytes);
    const client = Array.from({ length: values }, () => cursor.u32());
    if (isOld && values % 2 === 1) cursor.skip(4);
    if (!Object.values<number>(ids).includes(id)) {
      const name = names[id] ?? `filter ${id}`;
      throw unsupported(object.file.name, `${object.path}, which is compressed with ${name}`);
    }
    if (seen.has(id)) throw damaged(object.file.name, `${object.path} has a filter twice`);
    seen.add(id);
    return { id, elementBytes: client[0] ?? 1 };
  });
}

const inflated = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/**
 * The bytes of a chunk as they were before the filters.
 *
 * @param skipped bit by bit, filters that this chunk went without
 * @param size what has to come out
 */
export async function unfilter(
  object: HdfObject,
  stored: Buffer,
  filters: readonly Filter[],
  skipped: number,
  size: number,
): Promise<Buffer> {
  let bytes = stored;
  for (const [i, { id, elementBytes }] of [...filters.entries()].reverse()) {
    if ((skipped & (1 << i)) !== 0) continue;
    if (id === ids.shuffle) bytes = unshuffled(bytes, elementBytes);
    else if (id === ids.fletcher32) bytes = withoutSum(object, bytes);
    else {
      // A checksum may stand behind what was compressed.
      bytes = await inflated(bytes, { maxOutputLength: size + 4 }).catch((cause) => {
        throw damaged(
          object.file.name,
          `a part of ${object.path} does not unpack (${reason(cause)})`,
        );
      });
    }
  }
  if (bytes.length === size) return bytes;
  throw damaged(object.file.name, `a part of ${object.path} has ${bytes.length} bytes of ${size}`);
}

const reason = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);

/** The first bytes of all elements stand first, then the second ones. */
function unshuffled(bytes: Buffer, width: number): Buffer {
  const count = Math.floor(bytes.length / Math.max(1, width));
  if (width <= 1 || count <= 1) return bytes;
  const result = Buffer.from(bytes);
  for (let b = 0; b < width; b++) {
    for (let i = 0; i < count; i++) result[i * width + b] = bytes[b * count + i]!;
  }
  return result;
}

/** Fletcher's sum of 16-bit words, over 65535, which stands behind the bytes. */
function withoutSum(object: HdfObject, bytes: Buffer): Buffer {
  const data = bytes.subarray(0, Math.max(0, bytes.length - 4));
  let [first, second] = [0, 0];
  for (let i = 0; i < data.length; i += 2) {
    first = (first + ((data[i]! << 8) | (data[i + 1] ?? 0))) % 65535;
    second = (second + first) % 65535;
  }
  const sum = bytes.length < 4 ? -1 : bytes.readUInt32LE(data.length);
  const isSame = (sum & 0xffff) % 65535 === first && (sum >>> 16) % 65535 === second;
  if (isSame) return data;
  throw damaged(object.file.name, `the checksum of a part of ${object.path} is wrong`);
}
