/** Curves as a picture, drawn by ECharts on the server: no browser is needed, and no script is in it. */
import { LineChart, type LineSeriesOption } from "echarts/charts";
import {
  GridComponent,
  type GridComponentOption,
  TitleComponent,
  type TitleComponentOption,
} from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { drawable, type EpochRow } from "./curves.js";

type Options = ComposeOption<LineSeriesOption | GridComponentOption | TitleComponentOption>;

use([LineChart, GridComponent, TitleComponent, SVGRenderer]);

const [width, panel] = [760, 300];
/** Two that differ in lightness, too, for those who see no colours (Okabe and Ito 2008). */
const [blue, orange] = ["#0072b2", "#d55e00"];
const ink = "#444444";
const text = { color: ink, fontFamily: "system-ui, sans-serif", fontSize: 13 };

interface Curve {
  readonly name: "training" | "validation";
  readonly of: (row: EpochRow) => number | undefined;
}

interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly percent: boolean;
}

const panels: readonly Panel[] = [
  {
    title: "Loss",
    percent: false,
    curves: [
      { name: "training", of: ({ loss }) => loss },
      { name: "validation", of: ({ validationLoss }) => validationLoss },
    ],
  },
  {
    title: "Accuracy (top-1)",
    percent: true,
    curves: [
      { name: "training", of: ({ accuracy }) => accuracy },
      { name: "validation", of: ({ top1 }) => top1 },
    ],
  },
];

/** Loss, and accuracy where the run has classes, over epochs. */
export function curvesSvg(model: string, rows: readonly EpochRow[]): string {
  const shown = panels.filter(({ curves }) =>
    curves.some(({ of }) => rows.some((row) => drawable(of(row)))),
  );
  const chart = init(null, null, {
    ...{ renderer: "svg", ssr: true, width },
    height: shown.length * panel + 30,
  });
  try {
    chart.setOption(optionsOf(model, shown, rows));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

function optionsOf(model: string, shown: readonly Panel[], rows: readonly EpochRow[]): Options {
  const last = Math.max(1, ...rows.map(({ epoch }) => epoch));
  const top = (i: number): number => 30 + i * panel;
  return {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: text,
    title: [
      { text: model, left: 16, top: 8, textStyle: { ...text, fontSize: 16, fontWeight: "bold" } },
      ...shown.map(({ title, curves }, i) => ({
        ...{ text: `${title}${legendOf(curves, rows)}`, left: 16, top: top(i) + 14 },
        textStyle: { ...text, fontWeight: "normal" as const, rich: legendStyle },
      })),
    ],
    grid: shown.map((_, i) => ({
      ...{ left: 70, right: 30, top: top(i) + 48, height: panel - 110 },
    })),
    xAxis: shown.map((_, i) => ({
      ...{ type: "value", gridIndex: i, name: "epoch", nameLocation: "middle", nameGap: 28 },
      ...{ min: last === 1 ? 0 : 1, max: last === 1 ? 2 : last, minInterval: 1 },
      nameTextStyle: text,
      axisLine: { lineStyle: { color: ink } },
      axisTick: { show: true },
      axisLabel: {
        ...text,
        formatter: (value: number) => (isEpoch(value, last) ? String(value) : ""),
      },
      splitLine: { show: false },
    })),
    yAxis: shown.map(({ percent }, i) => ({
      ...{ type: "value", gridIndex: i, scale: true, boundaryGap: ["5%", "5%"] },
      axisLabel: {
        ...text,
        formatter: (value: number) => (percent ? `${+(100 * value).toFixed(4)} %` : String(value)),
      },
      splitLine: { lineStyle: { color: "#e4e4e4" } },
    })),
    series: shown.flatMap(({ curves }, i) => seriesOf(curves, rows, i)),
  };
}

const isEpoch = (value: number, last: number): boolean =>
  Number.isInteger(value) && value >= 1 && value <= last;

const colour = { training: blue, validation: orange } as const;
const legendStyle = {
  training: { ...text, color: colour.training },
  validation: { ...text, color: colour.validation },
};
const mark = { training: "●", validation: "○" } as const;

/** Beside the title, since curves that end together leave no room for two names there. */
const legendOf = (curves: readonly Curve[], rows: readonly EpochRow[]): string =>
  curves
    .filter(({ of }) => rows.some((row) => drawable(of(row))))
    .map(({ name }) => `      {${name}|${mark[name]} ${name}}`)
    .join("");

function seriesOf(
  curves: readonly Curve[],
  rows: readonly EpochRow[],
  index: number,
): LineSeriesOption[] {
  return curves.flatMap(({ name, of }): LineSeriesOption[] => {
    const data = rows.flatMap((row) => {
      const value = of(row);
      return drawable(value) ? [[row.epoch, value]] : [];
    });
    if (data.length === 0) return [];
    return [
      {
        ...{ type: "line", name, data, color: colour[name] },
        ...{ xAxisIndex: index, yAxisIndex: index },
        lineStyle: { width: 2 },
        symbol: name === "training" ? "circle" : "emptyCircle",
        showSymbol: data.length <= 30,
        symbolSize: 5,
        clip: false,
      },
    ];
  });
}
