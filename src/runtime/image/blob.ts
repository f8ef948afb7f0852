import { types } from "node:util";
import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { tooLarge } from "../../files/failure.js";
import type { Place } from "../check-options.js";
import { copyOfBytes } from "../memory.js";
import { maxEncodedBytes } from "./limits.js";

/** A `Blob` or `File` of any maker: Node's, a canvas's, a form's that was uploaded. */
export interface BlobLike {
  /** In bytes. */
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A file that is an object: its name, and a way to its bytes. */
export interface BlobFile {
  readonly name: string;
  read(): Promise<Uint8Array>;
}

/**
 * An object as a Blob, told by what it can do; undefined where it is none. Nothing is read yet: what a
 * Blob holds does not change.
 *
 * @returns `read` throws InceptError `file/too-large`, `file/unreadable` or `memory/exhausted`
 */
export function blobOf(source: object, place: Place): BlobFile | undefined {
  const { size, arrayBuffer, name } = source as Readonly<Record<string, unknown>>;
  if (typeof size !== "number" || typeof arrayBuffer !== "function") return undefined;
  const bytes = counted(size, "byte");
  const called = typeof name === "string" ? shownPath(name) : `A Blob of ${bytes}`;
  const read = async (): Promise<Uint8Array> => {
    if (size > maxEncodedBytes) {
      throw tooLarge({ path: called, what: "a picture" }, size, maxEncodedBytes);
    }
    const content = await readBlob(source, arrayBuffer, called);
    const answer = place.part("arrayBuffer()");
    if (!types.isAnyArrayBuffer(content)) throw answer.wrongType(content, "an ArrayBuffer");
    return copyOfBytes(content, answer, `A copy of ${called}`);
  };
  return { name: called, read };
}

async function readBlob(source: object, arrayBuffer: object, name: string): Promise<unknown> {
  try {
    return await Reflect.apply(arrayBuffer as BlobLike["arrayBuffer"], source, []);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InceptError("file/unreadable", `${name} cannot be read (${why}).`, { cause });
  }
}
