import pc from "picocolors";
import { InceptError } from "../diagnostics/incept-error.js";
import { visible, visibleJson, visibleRows } from "../diagnostics/visible.js";
import { exitCode } from "./exit.js";

/** Data goes to stdout. No name in it, of a file or from one, reaches the terminal as a command. */
export function print(text: string): void {
  write(process.stdout, withEnd(visibleRows(text)));
}

/** Text that is data as it is, for a file or an editor. */
export const printData = (text: string): void => write(process.stdout, text);

/** Everything that is not data goes to stderr; of commands, only our own colours reach it. */
export function say(text: string): void {
  const parts = colours.isColorSupported ? text.split(colour) : [text];
  write(
    process.stderr,
    withEnd(parts.map((part, i) => (i % 2 ? part : visibleRows(part))).join("")),
  );
}

const withEnd = (text: string): string => (text.endsWith("\n") ? text : `${text}\n`);

const colour = /(\x1b\[[\d;]*m)/;

export const printJson = (value: unknown): void => print(visibleJson(value, 2));

/** An object a line, for verbs whose answer comes bit by bit. */
export const printLine = (value: unknown): void => print(visibleJson(value));

/** An error in an answer of `--json`. */
export const errorJson = ({ code, message, help }: InceptError): object => ({
  code,
  message,
  help,
});

/**
 * Whether a stream gets colours: a terminal that can show them does, unless NO_COLOR or FORCE_COLOR
 * say otherwise. Either counts only where it holds something (no-color.org); of the two NO_COLOR
 * wins, and FORCE_COLOR of 0 or false forces them off, as in the other tools of Node.
 */
export function wantsColour(stream: { readonly isTTY?: boolean }, env = process.env): boolean {
  const { NO_COLOR: no = "", FORCE_COLOR: force = "" } = env;
  if (no !== "" || force === "0" || force === "false") return false;
  return force !== "" || (stream.isTTY === true && env.TERM !== "dumb");
}

/** Colours for stderr, where all that has colours goes. */
export const colours = pc.createColors(wantsColour(process.stderr));

/** 80 columns unless the terminal says otherwise. */
export const columns = (): number => Math.max(40, process.stderr.columns ?? 80);

/** Data is cut for a person's terminal only, never for a pipe or a file. */
export const stdoutColumns = (): number =>
  process.stdout.isTTY === true ? Math.max(40, process.stdout.columns ?? 80) : Infinity;

/** Streams that could not be written: what more is for them goes nowhere. */
const gone = new Set<NodeJS.WriteStream>();

function write(stream: NodeJS.WriteStream, text: string): void {
  if (!gone.has(stream)) stream.write(text);
}

/** Who is told of a stream that is gone, instead of the process being ended. */
const outliving = new Set<AbortController>();

export interface Outliving extends Disposable {
  /** Aborted as soon as a stream could not be written. */
  readonly signal: AbortSignal;
}

/**
 * For as long as it is not disposed of, a reader or a terminal that is gone does not end the process:
 * for work that has something to save first.
 */
export function outliveOutput(): Outliving {
  const abort = new AbortController();
  outliving.add(abort);
  return { signal: abort.signal, [Symbol.dispose]: () => void outliving.delete(abort) };
}

/** A reader that has seen enough (`| head`) is no error; a full disk is one, said in a sentence. */
export function handleBrokenOutput(): void {
  for (const [name, stream] of Object.entries({ stdout: process.stdout, stderr: process.stderr })) {
    stream.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
      if (gone.has(stream)) return;
      gone.add(stream);
      if (code !== "EPIPE") {
        const message = `${name} could not be written (${code}).`;
        say(new InceptError("file/cannot-write", message).toString());
      }
      if (outliving.size > 0) return outliving.forEach((abort) => abort.abort());
      process.exit(code === "EPIPE" ? (process.exitCode ?? exitCode.ok) : exitCode.couldNot);
    });
  }
}

/**
 * Columns aligned; `right` lists the columns whose text ends at the edge, such as numbers. A cell
 * stays in its row, whatever its text is.
 */
export function table(
  cells: readonly (readonly string[])[],
  right: readonly number[] = [],
  indent = "",
): string {
  const rows = cells.map((row) => row.map(visible));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        return right.includes(i) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return rows.map((row) => indent + line(row)).join("\n");
}

/** `1,234,567`, the same in every locale. */
export const grouped = (n: number): string => n.toLocaleString("en-US");

/** `9.1 MiB` */
export function bytes(n: number): string {
  if (n < 1024) return `${n} B`;
  const units = ["KiB", "MiB", "GiB"];
  let value = n / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}
