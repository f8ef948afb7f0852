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
 * the first one, or all below the head where that takes fewer lines.
 */
export function statement(head: string, args: readonly string[], indent = "  "): string {
  const open = `${indent}${head}(`;
  const hanging = fill(open, " ".repeat(open.length), args);
  const deep = `${indent}    `;
  const below = [open, ...fill(deep, deep, args)];
  const fits = hanging.every((line) => line.length <= columns);
  return (fits && hanging.length <= below.length ? hanging : below).join("\n");
}

/** The arguments and what closes a statement, behind `start` and then `indent`. */
function fill(start: string, indent: string, args: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = start;
  let empty = true;
  for (const [i, arg] of args.entries()) {
    const text = `${arg}${i === args.length - 1 ? ");" : ","}`;
    if (!empty && line.length + 1 + text.length > columns) {
      lines.push(line);
      line = indent + text;
    } else line += empty ? text : ` ${text}`;
    empty = false;
  }
  return [...lines, line];
}

/**
 * `head(to, {{a, 1}, {b, 2}});` as clang-format breaks it: the list stays in one line as long as
 * any indent has room for it, else each row has a line.
 */
export function rowsStatement(head: string, to: string, rows: readonly string[]): string {
  const open = `  ${head}(`;
  const list = `{${rows.join(", ")}});`;
  const hang = " ".repeat(open.length);
  const deep = "      ";
  const ways = [
    [`${open}${to}, ${list}`],
    [`${open}${to},`, `${hang}${list}`],
    [open, `${deep}${to}, ${list}`],
    [open, `${deep}${to},`, `${deep}${list}`],
  ];
  const fits = ways.find((lines) => lines.every((line) => line.length <= columns));
  if (fits !== undefined) return fits.join("\n");
  const first = `${open}${to}, {`;
  return `${first}${rows.join(`,\n${" ".repeat(first.length)}`)}});`;
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
