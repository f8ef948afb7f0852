import pc from "picocolors";
import { printable } from "./cells.js";
import { certainties } from "./certainty.js";
import type { Diagnostic, Edit, Span } from "./diagnostic.js";
import { codeFrame, type Colors } from "./frame.js";
import { positionAt } from "./source.js";

export interface RenderOptions {
  /** Off unless asked for. */
  readonly color?: boolean;
  /** Longer source rows are cut; 80 by default. */
  readonly columns?: number;
}

/** The findings as a person reads them, an empty row between two; no newline at the end. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: RenderOptions = {},
): string {
  const colors = pc.createColors(options.color ?? false);
  return diagnostics.map((found) => render(found, options.columns ?? 80, colors)).join("\n\n");
}

function render(found: Diagnostic, columns: number, colors: Colors): string {
  const color = found.severity === "error" ? colors.red : colors.yellow;
  const elsewhere = found.rows.filter(({ span }) => span.source !== found.span.source);
  return [
    `${place(found.span, colors)} - ${colors.bold(color(found.severity))} ` +
      `${colors.dim(`${found.code}:`)} ${printable(found.message)}`,
    ...codeFrame(found, columns, colors),
    ...elsewhere.map(({ span, text }) => `  ${place(span, colors)} - ${printable(text)}`),
    ...found.frames.map(({ span, message }) => `  ${place(span, colors)} - ${printable(message)}`),
    ...(found.help === undefined ? [] : [`  ${colors.green("help:")} ${printable(found.help)}`]),
  ].join("\n");
}

/** `file:line:column`, which terminals and editors make a link. */
function place({ source, start }: Span, colors: Colors): string {
  const { line, column } = positionAt(source, start);
  return `${colors.cyan(printable(source.path))}:${line}:${column}`;
}

/** The findings for programs: places as file, line, column (from 1) and UTF-16 offsets. */
export const renderJson = (diagnostics: readonly Diagnostic[]): JsonDiagnostic[] =>
  diagnostics.map(({ span, rows, frames, fixes, suggestions, label, help, ...said }) => ({
    ...said,
    ...jsonPlace(span),
    ...(label === undefined ? {} : { label }),
    rows: rows.map((row) => ({ ...jsonPlace(row.span), text: row.text })),
    frames: frames.map((frame) => ({ ...jsonPlace(frame.span), message: frame.message })),
    ...(help === undefined ? {} : { help }),
    fixes: fixes.map(({ title, because, edits }) => ({
      title,
      because: certainties[because],
      edits: edits.map(jsonEdit),
    })),
    suggestions: suggestions.map(({ title, edits }) => ({ title, edits: edits.map(jsonEdit) })),
  }));

const jsonEdit = ({ span, text }: Edit): JsonEdit => ({ ...jsonPlace(span), text });

export interface JsonPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly start: number;
  readonly end: number;
}

export interface JsonDiagnostic extends JsonPlace {
  readonly code: string;
  readonly severity: Diagnostic["severity"];
  readonly message: string;
  readonly label?: string;
  readonly rows: readonly (JsonPlace & { readonly text: string })[];
  readonly frames: readonly (JsonPlace & { readonly message: string })[];
  readonly help?: string;
  /** Cannot change what the spec means, for the reason that is given: `check --fix` writes them. */
  readonly fixes: readonly (JsonSuggestion & { readonly because: string })[];
  /** May be what was meant; nothing applies them. */
  readonly suggestions: readonly JsonSuggestion[];
}

export type JsonEdit = JsonPlace & { readonly text: string };

export interface JsonSuggestion {
  readonly title: string;
  readonly edits: readonly JsonEdit[];
}

function jsonPlace({ source, start, end }: Span): JsonPlace {
  const from = positionAt(source, start);
  const to = positionAt(source, end);
  return {
    file: source.path,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    start,
    end,
  };
}
