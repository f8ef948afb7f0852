import type { Certainty } from "./certainty.js";

/** A piece of spec text and the name it is shown under. */
export interface Source {
  /** As messages print it: relative to the working folder where possible. */
  readonly path: string;
  /** Absolute path on disk, links followed; absent for text that never was a file. */
  readonly file?: string;
  readonly text: string;
}

/** A half-open range of UTF-16 offsets in one source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export type Severity = "error" | "warning";

/** Text shown to the right of a source row inside the code frame, such as a branch's shape. */
export interface RowNote {
  readonly span: Span;
  readonly text: string;
}

/** One place on the way that led to the finding: `file:line:col - while expanding Inception`. */
export interface Frame {
  readonly span: Span;
  readonly message: string;
}

/** Text in place of a span. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/**
 * A change that may be what was meant, as data. A person decides: it is shown, an editor may offer
 * it, and nothing applies it unasked.
 */
export interface Suggestion {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** A change that cannot be anything but what was meant: `check --fix` writes it. */
export interface Fix extends Suggestion {
  readonly because: Certainty;
}

/** One finding about the user's source. `code` is a key of the catalogue. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** Printed after the carets. */
  readonly label?: string;
  readonly rows: readonly RowNote[];
  /** Innermost first. */
  readonly frames: readonly Frame[];
  readonly help?: string;
  /** The first one is applied. */
  readonly fixes: readonly Fix[];
  /** The likeliest first. */
  readonly suggestions: readonly Suggestion[];
}
