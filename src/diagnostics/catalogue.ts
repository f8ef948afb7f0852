/** Every finding that can be made in a spec: the area files joined, and the way to make one. */
import { argsDiagnostics } from "./catalogue/args.js";
import { modelDiagnostics } from "./catalogue/model.js";
import { namesDiagnostics } from "./catalogue/names.js";
import { shapeDiagnostics } from "./catalogue/shape.js";
import { styleDiagnostics } from "./catalogue/style.js";
import { syntaxDiagnostics } from "./catalogue/syntax.js";
import { trainDiagnostics } from "./catalogue/train.js";
import type { Diagnostic, Fix, Frame, RowNote, Span, Suggestion } from "./diagnostic.js";

export const catalogue = {
  ...syntaxDiagnostics,
  ...namesDiagnostics,
  ...argsDiagnostics,
  ...shapeDiagnostics,
  ...modelDiagnostics,
  ...trainDiagnostics,
  ...styleDiagnostics,
} as const;

type Catalogue = typeof catalogue;

/** `area/kebab-code`: a code that a diagnostic can have. */
export type DiagnosticCode = keyof Catalogue;

/** What the message of a code is made of; `{}` where it needs nothing. */
export type DiagnosticParams<C extends DiagnosticCode> =
  Parameters<Catalogue[C]["message"]> extends [infer P] ? P : Record<string, never>;

/** Where a finding is, and what helps to see and mend it. */
export interface Place {
  readonly span: Span;
  readonly label?: string | undefined;
  readonly rows?: readonly RowNote[] | undefined;
  readonly frames?: readonly Frame[] | undefined;
  readonly help?: string | undefined;
  readonly fixes?: readonly Fix[] | undefined;
  readonly suggestions?: readonly Suggestion[] | undefined;
}

/** `diagnostic("shape/empty", { … }, { span, help: "…" })` */
export function diagnostic<C extends DiagnosticCode>(
  code: C,
  params: DiagnosticParams<C>,
  place: Place,
): Diagnostic {
  const { severity, message } = catalogue[code];
  return {
    code,
    severity,
    // The entry and its parameters belong together by the signature; TypeScript can't follow
    // a key through the union of all entries.
    message: (message as (params: DiagnosticParams<C>) => string)(params),
    span: place.span,
    ...(place.label === undefined ? {} : { label: place.label }),
    rows: place.rows ?? [],
    frames: place.frames ?? [],
    ...(place.help === undefined ? {} : { help: place.help }),
    fixes: place.fixes ?? [],
    suggestions: place.suggestions ?? [],
  };
}
