/** An evaluation as text, no wider than 80 columns where it can be. */
import { counted } from "../../diagnostics/counted.js";
import { visible } from "../../diagnostics/visible.js";
import type { Score } from "../../runtime/train/types.js";
import { table } from "../terminal.js";
import { figure, percent } from "../figures.js";
import type { ClassScore, ConfusionTable } from "./confusion.js";

const width = 80;
/** More classes are told by the worst of them alone. */
const mostRows = 20;
const worst = 10;
const longest = 20;

/** @param confusion of an output with classes, but for thousands of them */
export function outputText(
  name: string,
  score: Score,
  examples: number,
  confusion: ConfusionTable | undefined,
): string {
  const { top1, top5, loss } = score;
  const classes = confusion?.classes.length ?? Infinity;
  const line = [
    counted(examples, "picture"),
    ...(top1 === undefined ? [] : [`top-1 ${percent(top1)}`]),
    ...(top5 === undefined || classes <= 5 ? [] : [`top-5 ${percent(top5)}`]),
    `loss ${figure(loss)}`,
  ].join("  ");
  if (confusion === undefined) return `${visible(name)}: ${line}`;
  return [`${visible(name)}: ${line}`, "", classText(confusion), ...pairs(confusion)].join("\n");
}

function classText(confusion: ConfusionTable): string {
  const { classes } = confusion;
  const matrix = classes.length <= mostRows ? matrixText(confusion) : undefined;
  if (matrix !== undefined && fitsWidth(matrix)) {
    return `Rows are classes, columns what they were taken for:\n${matrix}`;
  }
  if (classes.length <= mostRows) return scores(classes);
  const known = classes.filter(({ pictures }) => pictures > 0);
  const sorted = [...known].sort((a, b) => a.right / a.pictures - b.right / b.pictures);
  return `The worst of ${classes.length} classes:\n${scores(sorted.slice(0, worst))}`;
}

const scores = (classes: readonly ClassScore[]): string =>
  table(
    classes.map(({ label, pictures, right }) => [
      short(label),
      pictures === 0 ? "-" : percent(right / pictures),
      `${right} of ${pictures}`,
    ]),
    [1, 2],
    "  ",
  );

/** Columns are told by their place, so that names are written once. */
function matrixText(confusion: ConfusionTable): string {
  const { classes } = confusion;
  const head = ["", "", ...classes.map((_, i) => String(i)), "right"];
  const rows = classes.map(({ label, pictures, right }, i) => [
    String(i),
    short(label),
    ...confusion.row(i).map((count) => (count === 0 ? "·" : String(count))),
    pictures === 0 ? "-" : percent(right / pictures),
  ]);
  const right = [0, ...classes.map((_, i) => i + 2), classes.length + 2];
  return table([head, ...rows], right, "  ");
}

const fitsWidth = (text: string): boolean =>
  text.split("\n").every(({ length }) => length <= width);

function short(label: string): string {
  const text = visible(label);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function pairs(confusion: ConfusionTable): readonly string[] {
  const all = confusion.confused(5);
  if (all.length === 0) return [];
  const rows = all.map(({ label, taken, times, of }) => {
    const often = times === 1 ? "once" : `${times} times`;
    return `  ${short(label)} taken for ${short(taken)} ${often} of ${of}`;
  });
  return ["", "Most confused:", ...rows];
}
