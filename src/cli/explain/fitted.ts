import { stdoutColumns, table } from "../terminal.js";

/** On a terminal one column gives way where a row is wider; elsewhere every row is whole. */
export function fitted(
  rows: readonly (readonly string[])[],
  flexible: number,
  right: readonly number[],
): string {
  const whole = table(rows, right);
  const over = Math.max(...whole.split("\n").map((row) => row.length)) - stdoutColumns();
  if (over <= 0) return whole;
  const room = Math.max(12, Math.max(...rows.map((row) => row[flexible]?.length ?? 0)) - over);
  const cut = (cell: string, i: number): string =>
    i === flexible && cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
  return table(
    rows.map((row) => row.map(cut)),
    right,
  );
}
