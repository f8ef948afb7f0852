/** The curves of a run as a picture. */
import { lineChart, type Panel } from "../line-chart.js";
import { drawable, type EpochRow } from "./curves.js";

type Number = (row: EpochRow) => number | undefined;

/** Loss, and accuracy where the run has classes, over epochs; of training and of validation. */
export function curvesSvg(model: string, rows: readonly EpochRow[]): string {
  const panel = (title: string, y: Panel["y"], training: Number, validation: Number): Panel => ({
    ...{ title, y, x: "epoch" },
    curves: [
      { name: "training", points: pointsOf(rows, training) },
      { name: "validation", points: pointsOf(rows, validation) },
    ],
  });
  const panels = [
    panel(
      ...(["Loss", "number"] as const),
      ({ loss }) => loss,
      ({ validationLoss }) => validationLoss,
    ),
    panel(
      ...(["Accuracy (top-1)", "percent"] as const),
      ({ accuracy }) => accuracy,
      ({ top1 }) => top1,
    ),
  ];
  return lineChart(
    model,
    panels.filter(({ curves }) => curves.some(({ points }) => points.length > 0)),
  );
}

const pointsOf = (rows: readonly EpochRow[], of: Number): (readonly [number, number])[] =>
  rows.flatMap((row) => {
    const value = of(row);
    return drawable(value) ? [[row.epoch, value] as const] : [];
  });
