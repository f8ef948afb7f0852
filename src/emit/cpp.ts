/** Pieces of C++ text. Everything from a spec reaches the code through one of these. */

/** The column limit of .clang-format, which emitted files keep. */
export const columns = 100;

/** A string literal of exactly these bytes; what is not plain ASCII, or could start a trigraph, is escaped. */
export function stringLiteral(text: string): string {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => {
    const char = String.fromCharCode(byte);
    if (/[\x20-\x7e]/.test(char) && !/["\\?]/.test(char)) return char;
    return `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${bytes.join("")}"`;
}

/** The shortest decimal that is this float: `0.75f`, `1.0f`, `1e-05f`. */
export function floatLiteral(value: number): string {
  const float = Math.fround(value);
  let digits = 1;
  while (digits < 9 && Math.fround(Number(float.toPrecision(digits))) !== float) digits++;
  const text = `${Number(float.toPrecision(digits))}`;
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

/** One `//` line of printable ASCII, cut to the column limit. */
export function comment(text: string, indent = ""): string {
  const plain = printable(text);
  const room = columns - indent.length - 3;
  return `${indent}// ${plain.length <= room ? plain : `${plain.slice(0, room - 3)}...`}`.trimEnd();
}

/** For a comment: no line end, no trigraph, no backslash that could join the next line to it. */
export const printable = (text: string): string =>
  text
    .replace(/\\/g, "/")
    .replace(/\s/g, " ")
    .replace(/[^\x20-\x7e]/g, "?")
    .replace(/\?(?=\?)/g, "? ");

/**
 * `head(a, b, c);` in lines as clang-format breaks them: arguments fill each line and go on below
 * the first one.
 */
export function statement(head: string, args: readonly string[], indent = "  "): string {
  const open = `${indent}${head}(`;
  const hang = " ".repeat(open.length);
  const lines: string[] = [];
  let line = open;
  for (const [i, arg] of args.entries()) {
    const text = `${arg}${i === args.length - 1 ? ");" : ","}`;
    const first = line === open || line === hang;
    if (!first && line.length + 1 + text.length > columns) {
      lines.push(line);
      line = hang + text;
    } else line += first ? text : ` ${text}`;
  }
  return [...lines, line].join("\n");
}

/** A nested list of braces as clang-format breaks it: one row a line where they don't fit in one. */
export function braces(before: string, rows: readonly string[], after: string): string {
  const one = `${before}{${rows.join(", ")}}${after}`;
  if (one.length <= columns) return one;
  return `${before}{${rows.join(`,\n${" ".repeat(before.length + 1)}`)}}${after}`;
}

/** Rows of cells as an aligned table, each cell but the last padded to its column's width. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join("")
      .trimEnd(),
  );
}
