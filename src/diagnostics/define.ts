import type { Severity } from "./diagnostic.js";

/** One entry of the catalogue. `Params` is what its sentence is made of. */
export interface Definition<Params> {
  readonly severity: Severity;
  /** One sentence, or two, for a person; ends with a full stop. */
  readonly message: (params: Params) => string;
  /** For docs/diagnostics.md. */
  readonly doc: {
    /** What in a spec leads to it. */
    readonly cause: string;
    /** What to change. */
    readonly mend: string;
  };
}

export type CatalogueCode = `${string}/${string}`;

/** Keeps each entry's own parameter type, so that a wrong parameter does not compile. */
export function defineDiagnostics<T extends Readonly<Record<CatalogueCode, Definition<never>>>>(
  entries: T,
): T {
  return entries;
}
