/** Panels of curves as a picture, drawn by ECharts on the server: no browser is needed, and no script is in it. */
import { LineChart, type LineSeriesOption } from "echarts/charts";
import {
  GridComponent,
  type GridComponentOption,
  TitleComponent,
  type TitleComponentOption,
} from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

type Options = ComposeOption<LineSeriesOption | GridComponentOption | TitleComponentOption>;

use([LineChart, GridComponent, TitleComponent, SVGRenderer]);

export interface Curve {
  readonly name: string;
  /** x and y; what cannot be drawn the caller leaves out. */
  readonly points: readonly (readonly [number, number])[];
}

export interface Panel {
  readonly title: string;
  /** Up to four: the first colour and a filled mark are the first one's. One without points is left out. */
  readonly curves: readonly Curve[];
  /** What x is; whole numbers from 1. */
  readonly x: string;
  readonly y: "number" | "percent" | "log";
  /** From where to where y goes. Default: what the curves need. */
  readonly range?: readonly [number, number];
}

export interface ChartOptions {
  /** How many panels stand beside one another. Default: 1. */
  readonly columns?: number;
  /** Of a panel with its title, in pixels. Default: 760 and 300. */
  readonly panel?: readonly [width: number, height: number];
}

/** They differ in lightness, too, for those who see no colours (Okabe and Ito 2008). */
const colours = ["#0072b2", "#d55e00", "#56b4e9", "#000000"];
const symbols = ["circle", "emptyCircle", "rect", "emptyRect"];
const marks = ["●", "○", "■", "□"];
const ink = "#444444";
const text = { color: ink, fontFamily: "system-ui, sans-serif", fontSize: 13 };
const legendStyle = Object.fromEntries(
  colours.map((color, i) => [`c${i}`, { ...text, color }] as const),
);
const head = 30;

/** @param panels row by row */
export function lineChart(
  title: string,
  panels: readonly Panel[],
  { columns = 1, panel: [width, height] = [760, 300] }: ChartOptions = {},
): string {
  const rows = Math.ceil(panels.length / columns);
  const chart = init(null, null, {
    ...{ renderer: "svg", ssr: true, width: columns * width },
    height: rows * height + head,
  });
  try {
    chart.setOption(optionsOf(title, panels, columns, [width, height]));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function optionsOf(
  title: string,
  panels: readonly Panel[],
  columns: number,
  [width, height]: readonly [number, number],
): Options {
  const top = (i: number): number => head + Math.floor(i / columns) * height;
  const left = (i: number): number => (i % columns) * width;
  return {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: text,
    title: [
      { text: title, left: 16, top: 8, textStyle: { ...text, fontSize: 16, fontWeight: "bold" } },
      ...panels.map((panel, i) => ({
        ...{ text: `${panel.title}${legendOf(panel)}`, left: left(i) + 16, top: top(i) + 14 },
        textStyle: { ...text, fontWeight: "normal" as const, rich: legendStyle },
      })),
    ],
    grid: panels.map((_, i) => ({
      ...{ left: left(i) + 70, width: width - 100, top: top(i) + 48, height: height - 110 },
    })),
    xAxis: panels.map((panel, i) => xAxisOf(panel, i)),
    yAxis: panels.map((panel, i) => yAxisOf(panel, i)),
    series: panels.flatMap((panel, i) => seriesOf(panel, i)),
  };
}

type Axis<K extends "xAxis" | "yAxis"> = Extract<NonNullable<Options[K]>, unknown[]>[number];

function xAxisOf({ curves, x }: Panel, index: number): Axis<"xAxis"> {
  const last = Math.max(1, ...curves.flatMap(({ points }) => points.map(([at]) => at)));
  const isShown = (at: number): boolean => Number.isInteger(at) && at >= 1 && at <= last;
  return {
    ...{ type: "value", gridIndex: index, name: x, nameLocation: "middle", nameGap: 28 },
    ...{ min: last === 1 ? 0 : 1, max: last === 1 ? 2 : last, minInterval: 1 },
    nameTextStyle: text,
    axisLine: { lineStyle: { color: ink } },
    axisTick: { show: true },
    axisLabel: { ...text, formatter: (at: number) => (isShown(at) ? String(at) : "") },
    splitLine: { show: false },
  };
}

function yAxisOf({ y, range }: Panel, index: number): Axis<"yAxis"> {
  const common = {
    gridIndex: index,
    splitLine: { lineStyle: { color: "#e4e4e4" } },
    ...(range === undefined ? {} : { min: range[0], max: range[1] }),
  };
  if (y === "log") {
    const formatter = (value: number): string => value.toExponential(0);
    return { ...common, type: "log", axisLabel: { ...text, formatter } };
  }
  const formatter = (value: number): string =>
    y === "percent" ? `${+(100 * value).toFixed(4)} %` : String(value);
  return {
    ...{ ...common, type: "value", scale: true, boundaryGap: ["5%", "5%"] },
    axisLabel: { ...text, formatter },
  };
}

/** Beside the title, since curves that end together leave no room for two names there. */
const legendOf = ({ curves }: Panel): string =>
  curves
    .map(({ name, points }, i) => (points.length === 0 ? "" : `      {c${i}|${marks[i]} ${name}}`))
    .join("");

const seriesOf = ({ curves }: Panel, index: number): LineSeriesOption[] =>
  curves.flatMap(({ name, points }, i): LineSeriesOption[] => {
    if (points.length === 0) return [];
    return [
      {
        ...{ type: "line", name, data: points.map((point) => [...point]), color: colours[i]! },
        ...{ xAxisIndex: index, yAxisIndex: index },
        lineStyle: { width: 2 },
        symbol: symbols[i]!,
        showSymbol: points.length <= 30,
        symbolSize: 5,
        clip: false,
      },
    ];
  });
