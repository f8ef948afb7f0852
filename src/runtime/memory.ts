/** Memory of callers and of our own: what cannot be had, and what is gone, is told by name. */
import { types } from "node:util";
import { allocate, type ArrayType } from "../files/allocate.js";
import type { Place } from "./check-options.js";

/**
 * A copy that is nobody else's: the owner may go on using, changing and transferring the original.
 *
 * @param what as the message names what does not fit
 * @throws TypeError where the memory was transferred already, InceptError `memory/exhausted`
 */
export function copyOf<A extends ArrayBufferView & ArrayLike<number>>(
  array: ArrayType<A & { set(values: ArrayLike<number>): void }>,
  given: ArrayLike<number> & ArrayBufferView,
  place: Place,
  what: string,
): A {
  requireAttached(given, place);
  const copy = allocate(array, given.length, what);
  copy.set(given);
  return copy;
}

/** `copyOf` for bytes, which may also be clamped ones or bare memory, shared or not. */
export function copyOfBytes(
  given: Uint8Array | Uint8ClampedArray | ArrayBufferLike,
  place: Place,
  what: string,
): Uint8Array {
  if (!types.isAnyArrayBuffer(given)) return copyOf(Uint8Array, given, place, what);
  if (isDetached(given)) throw place.transferred();
  return copyOf(Uint8Array, new Uint8Array(given), place, what);
}

/** @throws TypeError where the memory below a view was transferred elsewhere */
export function requireAttached(view: ArrayBufferView, place: Place): void {
  if (view.byteLength === 0 && isDetached(view.buffer)) throw place.transferred();
}

/** ArrayBuffer.prototype.detached is younger than Node 20; no view can be laid over such a buffer. */
function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}
