import type { Source } from "./diagnostic.js";

/** A place as people count: both from 1. A column is a UTF-16 unit, a tab one column. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const starts = new WeakMap<Source, readonly number[]>();

/** Where each row begins. Rows end with LF, CRLF or a lone CR. */
function rowStarts(source: Source): readonly number[] {
  const known = starts.get(source);
  if (known !== undefined) return known;
  const found = [0];
  for (const match of source.text.matchAll(/\r\n|\r|\n/g))
    found.push(match.index + match[0].length);
  starts.set(source, found);
  return found;
}

/** Row and column of an offset; one past the end is a place too. */
export function positionAt(source: Source, offset: number): Position {
  const rows = rowStarts(source);
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const bom = low === 0 && source.text.startsWith("\uFEFF") ? 1 : 0;
  return { line: low + 1, column: Math.max(1, offset - (rows[low] ?? 0) - bom + 1) };
}

/** Offset of the first character of a row, after a leading BOM. */
export function rowStart(source: Source, line: number): number {
  const start = rowStarts(source)[line - 1] ?? source.text.length;
  return start === 0 && source.text.startsWith("\uFEFF") ? 1 : start;
}

/** The text of a row without its line end, and without a leading BOM; "" for a row that is not. */
export function rowText(source: Source, line: number): string {
  const end = rowStarts(source)[line] ?? source.text.length;
  return source.text.slice(rowStart(source, line), end).replace(/[\r\n]+$/, "");
}
