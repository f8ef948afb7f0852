/** What the progress bar of an epoch says, in one row. */
import { clock, figure, percent } from "./figures.js";

export interface BarState {
  readonly epoch: number;
  readonly epochs: number;
  /** Share of the epoch's steps that have been made. */
  readonly done: number;
  readonly loss?: number | undefined;
  readonly accuracy?: number | undefined;
  /** Pictures a second. */
  readonly rate?: number | undefined;
  /** Seconds. */
  readonly left?: { readonly epoch: number; readonly all: number } | undefined;
  /** In place of figures: `validating`. */
  readonly doing?: string | undefined;
}

const widest = 30;
const narrowest = 5;

/** @param draw a bar of so many cells, of which a share is full */
export function barRow(
  state: BarState,
  columns: number,
  draw: (share: number, cells: number) => string,
): string {
  const head = `epoch ${state.epoch}/${state.epochs}`;
  const share = `${Math.floor(100 * state.done)}%`.padStart(4);
  // The first to go where a terminal is narrow stand last.
  const parts = [share.trimStart(), ...figures(state)];
  const width = (): number => [head, ...parts].join("  ").length + 1 + narrowest;
  while (parts.length > 1 && width() > columns) parts.pop();
  const cells = Math.min(widest, columns - [head, ...parts].join("  ").length - 1);
  const bar = cells < narrowest ? "" : ` ${draw(state.done, cells)}`;
  return [`${head}${bar}`, ...parts].join("  ").slice(0, Math.max(columns, 0) + colours(bar));
}

/** Bytes of a bar that take no column. */
const colours = (bar: string): number =>
  [...bar.matchAll(new RegExp("\u001b\\[\\d+m", "g"))].reduce(
    (sum, [code]) => sum + code.length,
    0,
  );

function figures({ loss, accuracy, rate, left, doing, epoch, epochs }: BarState): string[] {
  if (doing !== undefined) return [doing];
  const all = left !== undefined && epoch < epochs ? `, ${clock(left.all)} in all` : "";
  return [
    ...(loss === undefined ? [] : [`loss ${figure(loss)}`]),
    ...(accuracy === undefined ? [] : [`acc ${percent(accuracy)}`]),
    ...(rate === undefined ? [] : [`${figure(rate, 3)} images/s`]),
    ...(left === undefined ? [] : [`${clock(left.epoch)} left${all}`]),
  ];
}
