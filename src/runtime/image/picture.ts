import { types } from "node:util";
import { counted } from "../../diagnostics/counted.js";
import { shownPath } from "../../files/display.js";
import { readRegular } from "../../files/read.js";
import { filePath, type Place } from "../check-options.js";

/** A file, a file URL, or the bytes of an encoded picture: JPEG, PNG, WebP, AVIF, GIF or TIFF. */
export type ImageSource = string | URL | Uint8Array;

/** A picture that somebody handed over, not read yet. */
export interface Picture {
  /** As messages name it. */
  readonly name: string;
  /** Its encoded bytes. */
  read(): Promise<Uint8Array>;
}

/** What a file of a picture may hold; an uncompressed one of 100 megapixels has 300 MB. */
const maxBytes = 1024 * 1024 * 1024;

const expected = "a path, a file URL or the bytes of a picture (a Uint8Array)";

/**
 * Bytes are copied: their owner may change or transfer them while they are decoded.
 *
 * @throws TypeError or RangeError where it is none of the three; `read` throws what `readRegular`
 *   throws
 */
export function pictureOf(source: unknown, place: Place): Picture {
  if (types.isUint8Array(source)) {
    const bytes = Uint8Array.from(source);
    const name = `A picture of ${counted(bytes.length, "byte")}`;
    return { name, read: () => Promise.resolve(bytes) };
  }
  const isPath =
    typeof source === "string" || Object.prototype.toString.call(source) === "[object URL]";
  if (!isPath) throw place.wrongType(source, expected);
  const path = filePath(source, place);
  const read = (): Promise<Uint8Array> => readRegular({ path, what: "a picture", maxBytes });
  return { name: shownPath(path), read };
}
