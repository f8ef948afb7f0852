/** The layers of a network as tables of 80 columns. */
import type { TimedLayer } from "../../bench/layers.js";
import type { Peak } from "../../bench/peak.js";
import { channels, isImage, plane, type Shape } from "../../ops/shape.js";
import { table } from "../terminal.js";

const width = 80;

/** A row a layer, in the order of the program, and a row a kernel, the slowest first. */
export function layersText(
  layers: readonly TimedLayer[],
  batch: number,
  peak: Peak | undefined,
): string {
  const all = layers.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
  const figures = (rows: readonly TimedLayer[]): string[] => {
    const time = rows.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
    const macs = rows.reduce((sum, row) => sum + row.macs, 0);
    const share = `${((100 * time) / all).toFixed(1)} %`;
    return [(time / 1000).toFixed(time < 1e6 ? 1 : 0), share, ...rate(batch * macs, time, peak)];
  };
  const head = ["µs", "share", "GFLOP/s", "peak"];
  const each = layers.map((layer) => [
    pathCell(layer),
    shapeCell(layer.outputs),
    `${layer.kernel} ${layer.tuning}`.trim(),
    ...figures([layer]),
  ]);
  const together = [...new Set(layers.map(({ kernel }) => kernel))]
    .map((kernel) => layers.filter((layer) => layer.kernel === kernel))
    .map((rows) => [rows[0]!.kernel, `${rows.length}`, ...figures(rows)])
    .sort(([, , a], [, , b]) => Number(b) - Number(a));
  return [
    narrowed([["step", "output", "kernel", ...head], ...each], [3, 4, 5, 6]),
    table([["kernel", "layers", ...head], ...together], [1, 2, 3, 4, 5]),
  ].join("\n\n");
}

/** GFLOP/s and percent of the peak: of what the network says, whatever a kernel makes of it. */
function rate(macs: number, nanoseconds: number, peak: Peak | undefined): string[] {
  if (macs === 0 || nanoseconds === 0) return ["", ""];
  const gigaflops = (2 * macs) / nanoseconds;
  return [
    gigaflops.toFixed(gigaflops < 10 ? 1 : 0),
    peak === undefined ? "" : `${((1e11 * gigaflops) / peak.flops).toFixed(0)} %`,
  ];
}

/**
 * The first column gives way, at its start: what tells steps apart stands at their ends. Then the third
 * does, at its end.
 */
function narrowed(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const over = (cells: readonly (readonly string[])[]): number =>
    Math.max(
      ...table(cells, right)
        .split("\n")
        .map((row) => row.length),
    ) - width;
  const shrunk = (
    cells: readonly (readonly string[])[],
    column: number,
    least: number,
    cut: (cell: string, room: number) => string,
  ): readonly (readonly string[])[] => {
    const widest = Math.max(...cells.map((row) => row[column]!.length));
    const room = Math.max(least, widest - Math.max(0, over(cells)));
    const fits = (cell: string, i: number): boolean => i !== column || cell.length <= room;
    return cells.map((row) => row.map((cell, i) => (fits(cell, i) ? cell : cut(cell, room))));
  };
  const ends = shrunk(rows, 0, 10, (cell, room) => `…${cell.slice(1 - room)}`);
  return table(
    shrunk(ends, 2, 10, (cell, room) => `${cell.slice(0, room - 1)}…`),
    right,
  );
}

const pathCell = ({ paths: [first = "", ...more] }: TimedLayer): string =>
  more.length > 0 ? `${first} +${more.length}` : first;

/** `192x28x28`, of what several siblings give together. */
function shapeCell(outputs: readonly Shape[]): string {
  const [first] = outputs;
  if (first === undefined) return "";
  const all = outputs.reduce((sum, shape) => sum + channels(shape), 0);
  return [all, ...(isImage(first) ? plane(first) : [])].join("x");
}
