/** The curves of a run: a row an epoch, in memory and as curves.csv. */
import { writeBeside } from "../../build/disk/write-beside.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { shownPath } from "../../files/display.js";
import { readRegularSync } from "../../files/read.js";

/** What an epoch came to. Absent is what the run does not have: no classes, or no validation. */
export interface EpochRow {
  /** Its number, from 1. */
  readonly epoch: number;
  /** Steps of the run at its end. */
  readonly steps: number;
  /** Means of its steps, while they were made. */
  readonly loss: number;
  readonly accuracy?: number;
  readonly validationLoss?: number;
  /** Shares of right answers in validation. */
  readonly top1?: number;
  readonly top5?: number;
  /** Of its last step. */
  readonly learningRate: number;
  /** That it took the process in which it ended, validation included. */
  readonly seconds: number;
}

/** In the order of the columns. */
const columns: { readonly [K in keyof EpochRow]-?: string } = {
  epoch: "epoch",
  steps: "steps",
  loss: "train_loss",
  accuracy: "train_accuracy",
  validationLoss: "validation_loss",
  top1: "validation_top1",
  top5: "validation_top5",
  learningRate: "learning_rate",
  seconds: "seconds",
};

const fields = Object.keys(columns) as (keyof EpochRow)[];
const always: readonly (keyof EpochRow)[] = ["epoch", "steps", "loss", "learningRate", "seconds"];
const losses: readonly (keyof EpochRow)[] = ["loss", "validationLoss"];
const head = Object.values(columns).join(",");

/** Numbers in full, so that what is read again is what was written. */
export function curvesCsv(rows: readonly EpochRow[]): string {
  const lines = rows.map((row) => fields.map((field) => row[field] ?? "").join(","));
  return `${[head, ...lines].join("\n")}\n`;
}

/** A row an epoch: a file beyond this is something else. */
const maxBytes = 64 * 1024 * 1024;

/**
 * The rows of a file that `writeCurves` wrote, up to the epoch that a checkpoint has seen the end of:
 * a run that goes on from there comes to the later ones again.
 *
 * @throws InceptError `train/curves` naming the row that is none, or of `file/`
 */
export function readCurves(file: string, epochs: number): EpochRow[] {
  const text = readRegularSync({ path: file, what: "curves", maxBytes }).toString("utf8");
  const [first, ...lines] = text.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n");
  if (first !== head) throw noCurves(file, 1);
  const rows = lines.map((line, i) => parseRow(line) ?? fail(file, i + 2));
  return rows.filter(({ epoch }) => epoch <= epochs);
}

const fail = (file: string, line: number): never => {
  throw noCurves(file, line);
};

function parseRow(line: string): EpochRow | undefined {
  const cells = line.split(",");
  if (cells.length !== fields.length) return undefined;
  const given = fields.flatMap((field, i) =>
    cells[i] === "" ? [] : [[field, cells[i]!] as const],
  );
  if (!given.every(([field, cell]) => isNumber(field, cell))) return undefined;
  const row = Object.fromEntries(given.map(([field, cell]) => [field, Number(cell)]));
  return always.every((field) => field in row) ? (row as unknown as EpochRow) : undefined;
}

/** A loss may be anything that arithmetic comes to, as of a rate that is too high. */
const isNumber = (field: keyof EpochRow, cell: string): boolean =>
  Number.isFinite(Number(cell)) || (losses.includes(field) && /^(?:NaN|-?Infinity)$/.test(cell));

const noCurves = (file: string, line: number): InceptError =>
  new InceptError("train/curves", `${shownPath(file)} is not a run's curves: see line ${line}.`, {
    help: "undo the change of the file, or move it away: the run goes on without the rows before",
  });

/** @throws InceptError `file/cannot-write` */
export const writeCurves = (file: string, rows: readonly EpochRow[]): void =>
  writeBeside(file, curvesCsv(rows));

/** The higher the better, by what a run has: see `checkpoints` of `fit`. */
const scoreOf = ({ top1, validationLoss, loss }: EpochRow): number =>
  top1 ?? -(validationLoss ?? loss);

/** The best of the rows; of equals the first. A loss that is no number is never best, as of `fit`. */
export const bestOf = (rows: readonly EpochRow[]): EpochRow | undefined =>
  rows.reduce<EpochRow | undefined>(
    (best, row) => (scoreOf(row) > (best === undefined ? -Infinity : scoreOf(best)) ? row : best),
    undefined,
  );

/** What can be drawn. */
export const drawable = (value: number | undefined): value is number =>
  value !== undefined && Number.isFinite(value);
