import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { ByteSource } from "../bytes.js";

/** The format's own limit. */
const maxHeaderBytes = 100_000_000;

/**
 * The text of a header, and where the data starts: a header's length is not to be trusted, and is
 * held against the file's before anything of that size is allocated.
 */
export async function readHeader(
  source: ByteSource,
): Promise<{ readonly text: string; readonly dataStart: number }> {
  const { name, size } = source;
  if (size < 8) throw tooShort(name, size);
  const length = Buffer.alloc(8);
  await source.read(length, 0);
  const claimed = length.readBigUInt64LE();
  const fits = claimed <= maxHeaderBytes && 8n + claimed <= size;
  if (!fits) throw wrongLength(name, claimed, size);
  const bytes = new Uint8Array(Number(claimed));
  await source.read(bytes, 8);
  try {
    return { text: utf8.decode(bytes), dataStart: 8 + bytes.length };
  } catch (cause) {
    throw new InceptError("weights/header", `The header of ${name} is not UTF-8.`, {
      help: "is it a safetensors file?",
      cause,
    });
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function tooShort(name: string, size: number): InceptError {
  const what =
    size === 0 ? "is empty" : `holds ${counted(size, "byte")}, not even the length of a header`;
  return new InceptError("weights/truncated", `${name} ${what}.`, {
    help: "is it a safetensors file, and was it copied whole?",
  });
}

function wrongLength(name: string, claimed: bigint, size: number): InceptError {
  if (claimed > maxHeaderBytes) {
    const message =
      `${name} does not begin as a safetensors file does: its first 8 bytes would mean ` +
      `a header of ${claimed} bytes, at most ${maxHeaderBytes} are allowed.`;
    return new InceptError("weights/header", message, {
      help: "name a .safetensors file, or write one of what this holds with the library it comes from",
    });
  }
  return new InceptError(
    "weights/truncated",
    `${name} holds ${size} bytes, its header alone would end at ${8n + claimed}.`,
    { help: "is it a safetensors file, and was it copied whole?" },
  );
}
