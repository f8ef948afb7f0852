import type pc from "picocolors";
import { printable, show, type Shown } from "./cells.js";
import type { Diagnostic, Source, Span } from "./diagnostic.js";
import { positionAt, rowStart, rowText } from "./source.js";

export type Colors = ReturnType<typeof pc.createColors>;

/** A row of the frame before it is laid out. */
interface Row {
  readonly line: number;
  readonly shown: Shown;
  readonly note: string;
}

/** Spaces between the longest row and the notes beside the rows. */
const noteGap = 4;

/** The rows that a finding is about, with row numbers, notes beside them, and carets. */
export function codeFrame(found: Diagnostic, columns: number, colors: Colors): string[] {
  const { source } = found.span;
  const hit = positionAt(source, found.span.start).line;
  const notes = notesByLine(found, source);
  const lines = [...new Set([...notes.keys(), hit])].sort((a, b) => a - b);
  const digits = Math.max(2, String(lines.at(-1)).length);
  const noteWidth = Math.max(0, ...[...notes.values()].map((note) => note.length));
  const room = columns - digits - 5 - (noteWidth > 0 ? noteWidth + noteGap : 0);
  const width = Math.max(20, room);

  const rows = lines.map((line): Row => {
    const focus = line === hit ? found.span : undefined;
    return { line, shown: cutRow(source, line, width, focus), note: notes.get(line) ?? "" };
  });
  const textWidth = Math.max(...rows.map(({ shown }) => widthOf(shown)));

  return rows.flatMap((row, i) => {
    const mark = row.line === hit ? colors.red(">") : " ";
    const gutter = `${mark} ${colors.dim(`${String(row.line).padStart(digits)} |`)}`;
    const body = withNote(row, textWidth + noteGap, noteWidth);
    const skipped = i > 0 && row.line > (rows[i - 1]?.line ?? 0) + 1 ? [skip(digits, colors)] : [];
    const carets = row.line === hit ? [caretRow(row.shown, found, digits, colors)] : [];
    return [...skipped, `${gutter}${body === "" ? "" : ` ${body}`}`, ...carets];
  });
}

const skip = (digits: number, colors: Colors): string =>
  `  ${" ".repeat(Math.max(0, digits - 3))}${colors.dim("...")}`;

function notesByLine(found: Diagnostic, source: Source): Map<number, string> {
  const notes = new Map<number, string>();
  for (const { span, text } of found.rows) {
    if (span.source !== source) continue;
    const { line } = positionAt(source, span.start);
    const before = notes.get(line);
    notes.set(line, before === undefined ? printable(text) : `${before}, ${printable(text)}`);
  }
  return notes;
}

function withNote({ shown, note }: Row, textWidth: number, noteWidth: number): string {
  if (note === "") return shown.text.trimEnd();
  const pad = " ".repeat(Math.max(1, textWidth - widthOf(shown)));
  return shown.text + pad + note.padStart(noteWidth);
}

function caretRow(
  shown: FocusedRow | Shown,
  found: Diagnostic,
  digits: number,
  colors: Colors,
): string {
  const [from, to] = "focus" in shown ? shown.focus : [0, 1];
  const carets = "^".repeat(Math.max(1, to - from));
  const label = found.label === undefined ? "" : ` ${printable(found.label)}`;
  const color = found.severity === "error" ? colors.red : colors.yellow;
  return `  ${" ".repeat(digits)} ${colors.dim("|")} ${" ".repeat(from)}${color(carets + label)}`;
}

interface FocusedRow extends Shown {
  /** The terminal columns that the carets underline. */
  readonly focus: readonly [number, number];
}

/** A row within `width` columns; where it is longer, the part around the focus. */
function cutRow(source: Source, line: number, width: number, span?: Span): Shown | FocusedRow {
  const text = rowText(source, line);
  const start = rowStart(source, line);
  const first = span === undefined ? 0 : clamp(span.start - start, 0, text.length);
  const last = span === undefined ? 0 : clamp(span.end - start, first, text.length);

  const fits = text.length <= width && widthOf(show(text)) <= width;
  const from = fits ? 0 : clamp(first - Math.floor(width / 4), 0, text.length - width + 1);
  const to = fits ? text.length : Math.min(text.length, from + width - 2);
  const head = from > 0 ? "…" : "";
  const shown = show(head + text.slice(from, to) + (to < text.length ? "…" : ""));
  if (span === undefined) return shown;

  const column = (unit: number): number =>
    shown.columns[clamp(unit - from + head.length, 0, shown.columns.length - 1)] ?? 0;
  return { ...shown, focus: [column(first), column(Math.min(last, to))] };
}

const widthOf = (shown: Shown): number => shown.columns.at(-1) ?? 0;
const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(n, high));
