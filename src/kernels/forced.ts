/**
 * Kernels that are asked for by name, and then taken wherever they can be: `conv.direct`, or
 * `conv.direct:2x14` for one tuning of it.
 */

/** A name in its parts; without a tuning all of the kernel's are meant. */
export interface Forced {
  readonly kernel: string;
  readonly tuning?: string;
}

export function forcedOf(name: string): Forced {
  const at = name.indexOf(":");
  return at < 0 ? { kernel: name } : { kernel: name.slice(0, at), tuning: name.slice(at + 1) };
}

/** `conv.direct:2x14`, and `conv.direct` where the kernel has nothing to set up. */
export const wayName = (kernel: string, tuning: string): string =>
  tuning === "" ? kernel : `${kernel}:${tuning}`;

/** Whether a name means a way: `2x14` is also what `2x14 planar` begins with. */
export function means(name: string, kernel: string, tuning: string): boolean {
  const forced = forcedOf(name);
  if (forced.kernel !== kernel) return false;
  return forced.tuning === undefined || `${tuning} `.startsWith(`${forced.tuning} `);
}
