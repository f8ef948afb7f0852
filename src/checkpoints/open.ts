/** The front door: a file of weights, whatever kind it is. */
import { InceptError } from "../diagnostics/incept-error.js";
import { visible } from "../diagnostics/visible.js";
import { type ByteSource, FileBytes, MemoryBytes } from "./bytes.js";
import type { Checkpoint } from "./checkpoint.js";
import { headBytes, type Kind, kindOf, kindWithin, safetensors } from "./kinds.js";
import { SafetensorsFile } from "./safetensors/file.js";

export interface OpenOptions {
  /** How messages name bytes in memory. */
  readonly name?: string;
  /** As `ReadOptions` has it. */
  readonly key?: string | undefined;
}

/**
 * Opens a file of weights, or its bytes, which must not change while they are read. What kind it is
 * its first bytes say.
 *
 * @throws InceptError `file/not-found`, `file/not-a-file`, `file/unreadable`, `weights/format` for a
 *   kind that is not read, and what its reader throws of `weights/`
 */
export function openCheckpoint(
  from: string | Uint8Array,
  options: OpenOptions = {},
): Promise<Checkpoint> {
  return opened(from, "a checkpoint", options, async (source, kind, path) => {
    const { key } = options;
    if (key !== undefined && kind?.keyed !== true) throw unkeyed(source.name, kind, key);
    if (kind === undefined) return SafetensorsFile.of(source);
    if (kind.open !== undefined) return kind.open(source, { path, key });
    throw new InceptError(
      "weights/format",
      `${source.name} is ${kind.what}, and no checkpoint that can be read.`,
      {
        help: kind.help(path),
      },
    );
  });
}

/**
 * Opens a safetensors file: what has to be one, since it is written back, or holds inputs.
 *
 * @throws InceptError as `openCheckpoint`, and `weights/format` for every other kind
 */
export function openSafetensors(
  from: string | Uint8Array,
  options: Pick<OpenOptions, "name"> = {},
): Promise<SafetensorsFile> {
  return opened(from, "a safetensors file", options, async (source, kind, path) => {
    if (kind === undefined || kind.what === safetensors) return SafetensorsFile.of(source);
    const what = `${source.name} is ${kind.what}, and not a safetensors file.`;
    throw new InceptError("weights/format", what, { help: kind.help(path) });
  });
}

type Open<C> = (source: ByteSource, kind: Kind | undefined, path: string | undefined) => Promise<C>;

/** No kind says what it is in fewer bytes; they are a file that was cut off. */
const least = 8;

/** What `open` makes of the file closes it; where it makes nothing of it, it is closed here. */
export async function opened<C>(
  from: string | Uint8Array,
  what: string,
  { name = "weights" }: Pick<OpenOptions, "name">,
  open: Open<C>,
): Promise<C> {
  const path = typeof from === "string" ? from : undefined;
  const source =
    typeof from === "string"
      ? await FileBytes.open({ path: from, what })
      : new MemoryBytes(name, from);
  try {
    const head = new Uint8Array(Math.min(source.size, headBytes));
    await source.read(head, 0);
    const kind = source.size < least ? undefined : kindOf(path, head);
    return await open(source, await kindWithin(source, kind), path);
  } catch (error) {
    await source.close();
    throw error;
  }
}

function unkeyed(name: string, kind: Kind | undefined, key: string): InceptError {
  const is = kind === undefined ? "" : ` is ${kind.what}, and`;
  const what = `${name}${is} has no dictionary of tensors called "${visible(key)}".`;
  return new InceptError("weights/key", what, { help: "leave the key out" });
}
