/**
 * What torch.save wrote before version 1.6: five pickles (a number, a version, what the machine was
 * like, the object, the keys of its storages), and of each storage its length and its bytes, always
 * little-endian.
 */
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { visibleName } from "../../diagnostics/visible.js";
import { type ByteSource, Window } from "../bytes.js";
import type { CheckpointReader } from "../checkpoint.js";
import { TorchFile, type Storages } from "./file.js";
import { pickledIn } from "./pickled.js";
import { stateDict } from "./state-dict.js";
import { keyText, storagesHost } from "./storages.js";
import type { Storage, Value } from "./values.js";

const version = 1001;

export const openLegacy: CheckpointReader = async (source, { key }) => {
  let position = 0;
  // The pickles refer to the storages of one host.
  let { host, storages } = storagesHost();
  const next = async (): Promise<Value> => {
    const { value, end } = await pickledIn(source, position, () => {
      ({ host, storages } = storagesHost());
      return host;
    });
    position = end;
    return value;
  };
  await next();
  const written = await next();
  if (written !== version) throw unsound(source, `it is not of version ${version}`);
  await next();
  const saved = await next();
  const used = storages;
  const keys = await next();
  if (!Array.isArray(keys)) throw unsound(source, "it has no list of storages");
  const parts = await partsOf(source, position, keys.map(keyText), used);
  return new TorchFile(source, new Parts(source, parts), stateDict(source.name, saved, key));
};

interface Part {
  readonly at: number;
  readonly bytes: number;
}

/** Where each storage lies. */
async function partsOf(
  source: ByteSource,
  position: number,
  keys: readonly string[],
  used: ReadonlyMap<string, Pick<Storage, "width">>,
): Promise<ReadonlyMap<string, Part>> {
  const parts = new Map<string, Part>();
  const count = Buffer.alloc(8);
  for (const key of keys) {
    const storage = used.get(key);
    const name = visibleName(key);
    if (storage === undefined) throw unsound(source, `no tensor is of storage ${name}`);
    if (position + 8 > source.size) throw short(source, name, position + 8 - source.size);
    await source.read(count, position);
    const bytes = Number(count.readBigUInt64LE()) * storage.width;
    position += 8;
    if (position + bytes > source.size) throw short(source, name, position + bytes - source.size);
    parts.set(key, { at: position, bytes });
    position += bytes;
  }
  return parts;
}

class Parts implements Storages {
  constructor(
    private readonly source: ByteSource,
    private readonly parts: ReadonlyMap<string, Part>,
  ) {}

  sizeOf(key: string): number | undefined {
    return this.parts.get(key)?.bytes;
  }

  bytesOf(key: string): Promise<ByteSource> {
    const { at, bytes } = this.parts.get(key)!;
    return Promise.resolve(new Window(this.source, this.source.name, at, bytes));
  }
}

const unsound = ({ name }: ByteSource, why: string): InceptError =>
  new InceptError("weights/damaged", `${name} is no sound PyTorch checkpoint: ${why}.`);

const short = ({ name }: ByteSource, storage: string, bytes: number): InceptError =>
  new InceptError(
    "weights/truncated",
    `${name} ends ${counted(bytes, "byte")} before the end of storage ${storage}.`,
    { help: "was it copied whole?" },
  );
