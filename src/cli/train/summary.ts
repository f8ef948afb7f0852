/** What is said when a run has ended or was stopped. */
import { shellWord, shownPath } from "../../files/display.js";
import type { ModelFlags } from "../network.js";
import { stdoutColumns, print, printLine, say } from "../terminal.js";
import { bestOf, drawable, type EpochRow } from "./curves.js";
import { figure, percent } from "../figures.js";
import type { RunFolder } from "./run-folder.js";
import { terminalChart } from "./terminal-chart.js";

/** What a run came to. */
export interface Outcome {
  readonly spec: string;
  readonly model: string;
  readonly folder: RunFolder;
  readonly rows: readonly EpochRow[];
  readonly epochs: number;
  /** Steps, and epochs that have ended, of the last checkpoint. */
  readonly steps: number;
  readonly ended: number;
  readonly stopped: boolean;
  /** What picks the network out of the spec. */
  readonly flags: Pick<ModelFlags, "set" | "model" | "root">;
  /** Whether the spec names its classes. */
  readonly isLabelled: boolean;
  /** The command that goes on with it. */
  readonly resume: string;
}

export function tellJson(outcome: Outcome): void {
  const { model, folder, rows, epochs, steps, ended, stopped, resume } = outcome;
  const file = (name: "last" | "best" | "weights" | "csv" | "svg"): string | null =>
    folder.has(name) ? folder.file(name) : null;
  const files = {
    ...{ last: file("last"), best: file("best"), weights: file("weights") },
    ...{ csv: file("csv"), svg: file("svg") },
  };
  printLine({
    ...{ event: stopped ? "stopped" : "ended", model, steps, epoch: ended, epochs },
    ...{ best: bestOf(rows) ?? null, folder: folder.path, files },
    ...(stopped ? { resume } : {}),
  });
}

export function tell(outcome: Outcome): void {
  const { rows, steps, ended, epochs, stopped, resume, folder } = outcome;
  if (process.stdout.isTTY === true && rows.length > 1) print(charts(rows));
  if (stopped) {
    const at = Math.min(epochs, ended + 1);
    say(`Stopped after step ${steps} (epoch ${at} of ${epochs}). Go on with:\n  ${resume}`);
    return;
  }
  const best = bestOf(rows);
  if (best !== undefined) print(`✔ ${bestText(best, rows.length)}`);
  print(places(outcome));
  if (!folder.has("weights")) {
    if (rows.length > 0) say("No weights were written: no epoch has a loss that is a number.");
    return;
  }
  const weights = `--weights ${shellWord(folder.file("weights"))}`;
  const own = [shellWord(outcome.spec), ...modelFlags(outcome.flags), weights].join(" ");
  const needsLabels = !outcome.isLabelled && folder.has("labels");
  const labels = needsLabels ? ` --labels ${shellWord(folder.file("labels"))}` : "";
  print(`  inceptc predict ${own}${labels} IMAGE…`);
  print(`  inceptc eval ${own} --data PATH`);
}

/** As they are typed. */
export function modelFlags({ set = {}, model, root }: Outcome["flags"]): string[] {
  return [
    ...Object.entries(set).map(([name, value]) => `--set ${shellWord(`${name}=${value}`)}`),
    ...(model === undefined ? [] : [`--model ${shellWord(model)}`]),
    ...(root === undefined ? [] : [`--root ${shellWord(root)}`]),
  ];
}

function bestText({ epoch, top1, validationLoss, loss }: EpochRow, all: number): string {
  const value =
    top1 !== undefined
      ? `top-1 ${percent(top1)} in validation`
      : validationLoss !== undefined
        ? `loss ${figure(validationLoss)} in validation`
        : `loss ${figure(loss)}`;
  return `${all === 1 ? "1 epoch" : `${all} epochs`}; best: epoch ${epoch}, ${value}`;
}

/** Where what lies. */
function places({ folder }: Outcome): string {
  const what = [
    ["weights", "the weights"],
    ["svg", "the curves"],
    ["csv", "their numbers"],
    ["last", "all that training goes on from"],
  ] as const;
  const rows = what.filter(([name]) => folder.has(name));
  const paths = rows.map(([name]) => shownPath(folder.file(name)));
  const width = Math.max(0, ...paths.map(({ length }) => length));
  return rows.map(([, text], i) => `  ${paths[i]!.padEnd(width)}  ${text}`).join("\n");
}

/** Loss, and accuracy where there is any. */
function charts(rows: readonly EpochRow[]): string {
  const line = (name: string, of: (row: EpochRow) => number | undefined) => ({
    name,
    points: rows.flatMap((row) => {
      const value = of(row);
      return drawable(value) ? [{ epoch: row.epoch, value }] : [];
    }),
  });
  const options = { columns: stdoutColumns() };
  const loss = terminalChart(
    [line("training", (row) => row.loss), line("validation", (row) => row.validationLoss)],
    { ...options, title: "loss", format: (value) => figure(value, 3) },
  );
  const accuracy = terminalChart(
    [line("training", (row) => row.accuracy), line("validation", (row) => row.top1)],
    { ...options, title: "accuracy", format: percent },
  );
  const shown = [loss, accuracy].filter((chart) => chart !== "");
  return ["", ...shown.flatMap((chart) => [chart, ""])].join("\n");
}
