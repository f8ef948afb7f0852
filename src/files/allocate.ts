import { InceptError } from "../diagnostics/incept-error.js";

export interface ArrayType<A> {
  new (length: number): A;
  readonly BYTES_PER_ELEMENT: number;
}

/**
 * An array of that many elements.
 *
 * @param what as the message names what does not fit
 * @throws InceptError `memory/exhausted`
 */
export function allocate<A extends ArrayBufferView>(
  array: ArrayType<A>,
  length: number,
  what: string,
): A {
  try {
    return new array(length);
  } catch (cause) {
    const bytes = length * array.BYTES_PER_ELEMENT;
    throw new InceptError(
      "memory/exhausted",
      `${what} takes ${bytes} bytes of memory, and there are not as many.`,
      { cause },
    );
  }
}
