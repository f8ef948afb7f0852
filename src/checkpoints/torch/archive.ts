/** The zip archive that torch.save writes since version 1.6: `data.pkl`, and a storage an entry. */
import { InceptError } from "../../diagnostics/incept-error.js";
import { type ByteSource, Window } from "../bytes.js";
import type { CheckpointReader } from "../checkpoint.js";
import { ZipArchive } from "../zip.js";
import { TorchFile, type Storages } from "./file.js";
import { mostPickled, pickledIn } from "./pickled.js";
import { stateDict } from "./state-dict.js";
import { storagesHost } from "./storages.js";

export const openArchive: CheckpointReader = async (source, { key }) => {
  const zip = await ZipArchive.open(source);
  const folder = folderOf(source.name, zip);
  const pickle = await zip.bytesOf(`${folder}data.pkl`);
  if (pickle.size > mostPickled) throw tooLarge(pickle);
  const { value } = await pickledIn(pickle, 0, () => storagesHost().host);
  const isBig = (await textOf(zip, `${folder}byteorder`)).trim() === "big";
  return new TorchFile(
    source,
    new Entries(zip, `${folder}data/`, isBig),
    stateDict(source.name, value, key),
  );
};

/** `archive/`: what stands before the names of all entries. */
function folderOf(file: string, zip: ZipArchive): string {
  const { names } = zip;
  const pickle = names.find((name) => /^(?:[^/]*\/)?data\.pkl$/.test(name));
  const folder = pickle?.slice(0, -"data.pkl".length) ?? "";
  if (
    names.some((name) => name === `${folder}constants.pkl` || name.startsWith(`${folder}code/`))
  ) {
    const what = `${file} is a TorchScript archive, a program and not a state dict.`;
    throw new InceptError("weights/format", what, {
      help: "save its weights in Python: torch.save(torch.jit.load(FILE).state_dict(), OTHER)",
    });
  }
  if (pickle !== undefined) return folder;
  throw new InceptError("weights/format", `${file} is a zip archive without a data.pkl in it.`, {
    help: "save a state dict in Python: torch.save(model.state_dict(), FILE)",
  });
}

const tooLarge = ({ name, size }: ByteSource): InceptError =>
  new InceptError("weights/damaged", `${name} holds ${size} bytes, of at most ${mostPickled}.`);

/** Of an entry of a few letters. */
async function textOf(zip: ZipArchive, name: string): Promise<string> {
  const size = zip.sizeOf(name);
  if (size === undefined || size > 64) return "";
  const bytes = new Uint8Array(size);
  await (await zip.bytesOf(name)).read(bytes, 0);
  return Buffer.from(bytes).toString("latin1");
}

class Entries implements Storages {
  /** Tensors of one storage follow each other; a packed one is not unpacked for each. */
  #last: { readonly key: string; readonly bytes: Promise<ByteSource> } | undefined;

  constructor(
    private readonly zip: ZipArchive,
    private readonly folder: string,
    private readonly isBig: boolean,
  ) {}

  sizeOf(key: string): number | undefined {
    return this.zip.sizeOf(this.folder + key);
  }

  async bytesOf(key: string, width: number): Promise<ByteSource> {
    if (this.#last?.key !== key) this.#last = { key, bytes: this.zip.bytesOf(this.folder + key) };
    const bytes = await this.#last.bytes;
    return this.isBig && width > 1 ? turned(bytes, width) : bytes;
  }
}

/** Elements with their bytes the other way round. */
const turned = (bytes: ByteSource, width: number): ByteSource =>
  new Window(
    {
      read: async (into, position) => {
        await bytes.read(into, position);
        const buffer = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
        if (width === 2) buffer.swap16();
        else if (width === 4) buffer.swap32();
        else buffer.swap64();
      },
    },
    bytes.name,
    0,
    bytes.size,
  );
