/** Curves in a terminal, drawn by simple-ascii-chart. */
import { plot } from "simple-ascii-chart";

type Point = [x: number, y: number];

/** A curve over epochs. */
export interface Line {
  readonly name: string;
  readonly points: readonly { readonly epoch: number; readonly value: number }[];
}

export interface ChartOptions {
  readonly title: string;
  readonly columns: number;
  readonly format: (value: number) => string;
}

const height = 10;
/** Behind the row of epochs. */
const axis = " epoch";
/** Told apart without colours, too. */
const marks = ["·", "•"];

/** @param lines one or two; those without points are left out */
export function terminalChart(
  lines: readonly Line[],
  { title, columns, format }: ChartOptions,
): string {
  const shown = lines.filter(({ points }) => points.length > 0);
  const values = shown.flatMap(({ points }) => points.map(({ value }) => value));
  const epochs = shown.flatMap(({ points }) => points.map(({ epoch }) => epoch));
  if (values.length === 0) return "";
  const [low, high] = rangeOf(values);
  const ticks = [0, 1, 2, 3].map((third) => low + ((high - low) * third) / 3);
  const labels = new Map(ticks.map((tick) => [tick, format(tick)]));
  const margin = Math.max(...[...labels.values()].map(({ length }) => length)) + 4;
  const width = Math.max(20, Math.min(64, columns - margin - axis.length));
  const series = shown.map(({ points }) =>
    dense(
      points.map(({ epoch, value }): Point => [epoch, value]),
      width,
    ),
  );
  const drawn = plot(series, {
    ...{ width, height, yRange: [low, high], customYAxisTicks: ticks },
    customXAxisTicks: epochTicks(Math.min(...epochs), Math.max(...epochs)),
    formatter: (value, { axis }) => (axis === "x" ? String(value) : nearest(labels, value)),
    lineFormatter: ({ y, plotX, plotY, index }) => {
      const line = series.findIndex((points) => points[index]?.[1] === y);
      return { x: plotX, y: plotY, symbol: marks[line] ?? marks[0]! };
    },
  });
  const legend = shown.map(({ name }, i) => `${marks[i]!} ${name}`);
  const rows = drawn.split("\n").map((row) => row.trimEnd());
  const chart = rows.filter((row) => row !== "").join("\n");
  return `${title}    ${legend.join("    ")}\n${chart}${axis}`;
}

/** Never empty, so that a level line has a place. */
function rangeOf(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (high > low) return [low, high];
  const room = Math.abs(low) * 0.1 || 0.1;
  return [low - room, high + room];
}

/** A point a column, on straight lines between those that there are. */
function dense(points: readonly Point[], width: number): Point[] {
  const [first, last] = [points[0]!, points.at(-1)!];
  if (points.length < 2) return [first];
  let at = 0;
  return Array.from({ length: width }, (_, column): Point => {
    const x = first[0] + ((last[0] - first[0]) * column) / (width - 1);
    while (at < points.length - 2 && points[at + 1]![0] < x) at++;
    const [[x0, y0], [x1, y1]] = [points[at]!, points[at + 1]!];
    return [x, y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)];
  });
}

/** Five at most, whole and each once. */
function epochTicks(from: number, to: number): number[] {
  const all = [0, 1, 2, 3, 4].map((quarter) => Math.round(from + ((to - from) * quarter) / 4));
  return [...new Set(all)];
}

/** What is drawn may have been rounded on the way. */
function nearest(labels: ReadonlyMap<number, string>, value: number): string {
  const [found] = [...labels].sort(([a], [b]) => Math.abs(a - value) - Math.abs(b - value));
  return found?.[1] ?? "";
}
