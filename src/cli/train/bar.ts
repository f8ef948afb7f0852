/** What the progress bar of an epoch says, in one row. */
import { clock, figure } from "../figures.js";

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

/**
 * @param draw a bar of so many cells, of which a share is full
 * @returns a row of no more than `columns`, but for colours; what matters least goes first
 */
export function barRow(
  state: BarState,
  columns: number,
  draw: (share: number, cells: number) => string,
): string {
  const head = `epoch ${state.epoch}/${state.epochs}`;
  // As wide as it will be, like the loss: a bar that changes its length cannot be read.
  const share = `${Math.floor(100 * state.done)}%`.padStart(3);
  const parts = figures(state);
  const rest = (): string => [share, ...parts.map(({ text }) => text)].join(" ");
  const room = (): number => columns - head.length - 2 - rest().length;
  while (parts.length > 0 && room() < narrowest) {
    const least = Math.min(...parts.map(({ matters }) => matters));
    parts.splice(
      parts.findIndex(({ matters }) => matters === least),
      1,
    );
  }
  const cells = Math.min(widest, room());
  return cells < narrowest ? `${head} ${rest()}` : `${head} ${draw(state.done, cells)} ${rest()}`;
}

interface Part {
  readonly text: string;
  /** The less, the sooner it is left out. */
  readonly matters: number;
}

function figures({ loss, accuracy, rate, left, doing, epoch, epochs }: BarState): Part[] {
  if (doing !== undefined) return [{ text: doing, matters: 1 }];
  const parts: Part[] = [];
  if (loss !== undefined)
    parts.push({ text: `loss ${loss < 10 ? loss.toFixed(3) : figure(loss)}`, matters: 4 });
  if (accuracy !== undefined) parts.push({ text: `acc ${accuracy.toFixed(3)}`, matters: 2 });
  if (rate !== undefined) parts.push({ text: `${figure(rate, 3)} images/s`, matters: 1 });
  if (left !== undefined) {
    parts.push({ text: `${clock(left.epoch)} left`, matters: 5 });
    if (epoch < epochs) parts.push({ text: `(all: ${clock(left.all)})`, matters: 3 });
  }
  return parts;
}
