import { deflateRawSync, crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { MemoryBytes } from "../../src/checkpoints/bytes.js";
import { openCheckpoint } from "../../src/checkpoints/open.js";
import { ZipArchive } from "../../src/checkpoints/zip.js";

interface Packed {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  /** What the directory claims of it. */
  readonly size?: number;
  readonly crc?: number;
  readonly flags?: number;
}

/** A zip archive as it is asked for, sound or not. */
function zip(entries: readonly Packed[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    data,
    method = 0,
    size = data.length,
    crc = crc32(data),
    flags = 0,
  } of entries) {
    const bytes = method === 8 ? deflateRawSync(data) : data;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(name));
    bodies.push(local, Buffer.from(name), Buffer.from(bytes));
    offset += local.length + name.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
}

async function entryOf(entries: readonly Packed[], name = "a"): Promise<Uint8Array> {
  const archive = await ZipArchive.open(new MemoryBytes("w.zip", zip(entries)));
  const bytes = await archive.bytesOf(name);
  const all = new Uint8Array(bytes.size);
  await bytes.read(all, 0);
  return all;
}

const data = Buffer.from("some bytes, some bytes, some bytes");

describe("zip archives", () => {
  it.each([0, 8])("give their entries, packed by method %d", async (method) => {
    expect(Buffer.from(await entryOf([{ name: "a", data, method }]))).toEqual(data);
  });

  it.each<[what: string, entries: readonly Packed[], message: string]>([
    [
      "two entries of a name",
      [
        { name: "a", data },
        { name: "a", data },
      ],
      "it has a twice",
    ],
    ["sizes that contradict", [{ name: "a", data, size: 9 }], "no sound zip archive"],
    ["what unpacks to more", [{ name: "a", data, method: 8, size: 9 }], "no sound zip archive"],
    ["what unpacks to less", [{ name: "a", data, method: 8, size: 99 }], "not what was packed"],
    ["another sum", [{ name: "a", data, method: 8, crc: 1 }], "not what was packed"],
    ["another method", [{ name: "a", data, method: 12, size: 34 }], "method 12"],
    ["a lock", [{ name: "a", data, flags: 1 }], "no sound zip archive"],
    ["a bomb", [{ name: "a", data, method: 8, size: 1 << 30 }], "would unpack to 1073741824"],
    ["a name that leaves", [{ name: "../a", data }], "no sound zip archive"],
  ])("are refused for %s", async (_, entries, message) => {
    await expect(entryOf(entries)).rejects.toMatchObject({
      code: "weights/damaged",
      message: expect.stringContaining(message) as string,
    });
  });

  it("are of the kind that their entries say, where the first does not", async () => {
    const first = { name: "w/", data: new Uint8Array() };
    const kinds = [
      ["w/data.pkl", "weights/damaged", /no sound pickle/],
      ["w/conv.npy", "weights/format", /is a NumPy archive/],
      ["w/readme", "weights/format", /is a zip archive, and no checkpoint/],
    ] as const;
    for (const [name, code, message] of kinds) {
      await expect(openCheckpoint(zip([first, { name, data }]))).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    }
  });
});
