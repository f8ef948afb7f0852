/** Trains one network of an experiment and keeps what each epoch comes to. */
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { Trainer } from "../../src/index.js";
import type { ExperimentData } from "./data.js";

export interface Row {
  readonly epoch: number;
  readonly loss: number;
  readonly validationLoss: number;
  readonly top1: number;
  /** Of its steps alone. */
  readonly seconds: number;
}

/**
 * @param name as lines on the terminal call it
 * @param look is awaited before the first epoch, as epoch 0, and after each
 */
export async function trained(
  name: string,
  trainer: Trainer,
  { train, validation }: ExperimentData,
  epochs: number,
  look: (epoch: number) => Promise<void> = async () => {},
): Promise<Row[]> {
  await look(0);
  const rows: Row[] = [];
  let begun = performance.now();
  let ended = begun;
  await trainer.fit(train, {
    ...{ epochs, validate: validation },
    onStep: () => void (ended = performance.now()),
    onEpoch: async ({ epoch, train: loss, validation: judged }) => {
      const { loss: validationLoss, outputs } = judged!;
      const top1 = Object.values(outputs)[0]!.top1!;
      const row = { epoch: epoch + 1, loss, validationLoss, top1, seconds: (ended - begun) / 1000 };
      rows.push(row);
      process.stdout.write(`${name}  ${lineOf(row, epochs)}\n`);
      await look(row.epoch);
      begun = performance.now();
    },
  });
  return rows;
}

const lineOf = ({ epoch, loss, validationLoss, top1, seconds }: Row, epochs: number): string =>
  `epoch ${epoch}/${epochs}  loss ${loss.toFixed(3)}  val loss ${validationLoss.toFixed(3)}` +
  `  top-1 ${(100 * top1).toFixed(1)} %  ${seconds.toFixed(0)} s`;

/** What an epoch came to, the mean over seeds, by epoch. */
export function meanByEpoch<T extends Row>(
  rows: readonly T[],
  of: (row: T) => number,
): (readonly [number, number])[] {
  const epochs = [...new Set(rows.map(({ epoch }) => epoch))].sort((a, b) => a - b);
  return epochs.map((epoch) => {
    const own = rows.filter((row) => row.epoch === epoch);
    return [epoch, own.reduce((sum, row) => sum + of(row), 0) / own.length] as const;
  });
}

/** The first row's keys name the columns; numbers stand in full. */
export function writeCsv<T extends object>(file: string, rows: readonly T[]): void {
  const columns = Object.keys(rows[0] ?? {}) as (keyof T)[];
  const lines = rows.map((row) => columns.map((column) => String(row[column])).join(","));
  writeFileSync(file, `${[columns.join(","), ...lines].join("\n")}\n`);
}
