/** A piece of spec text and the name it is shown under. */
export interface Source {
  /** As messages print it: relative to the working folder where possible. */
  readonly path: string;
  /** Absolute path on disk; absent for text that never was a file. */
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

/** One step of the way that led to the finding: `file:line:col - while expanding Inception`. */
export interface Frame {
  readonly span: Span;
  readonly message: string;
}

/** A replacement that would mend the finding, as data: the CLI and an editor apply it alike. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
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
  readonly fixes: readonly Fix[];
}
