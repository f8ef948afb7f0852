/** Horizontal bars as a picture, drawn by ECharts on the server: no browser, and no script in it. */
import { BarChart, type BarSeriesOption } from "echarts/charts";
import {
  GridComponent,
  type GridComponentOption,
  MarkLineComponent,
  TitleComponent,
  type TitleComponentOption,
} from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

type Options = ComposeOption<BarSeriesOption | GridComponentOption | TitleComponentOption>;

use([BarChart, GridComponent, MarkLineComponent, TitleComponent, SVGRenderer]);

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Stands behind the bar. */
  readonly label: string;
}

const ink = "#444444";
const text = { color: ink, fontFamily: "system-ui, sans-serif", fontSize: 13 };
const width = 760;
const row = 26;
const [head, foot] = [70, 46];

/**
 * From the top in their order.
 *
 * @param of what the values are, below them
 * @param even a value that a dashed line marks
 */
export function barChart(
  title: string,
  subtitle: string,
  bars: readonly Bar[],
  { of, even }: { readonly of: string; readonly even: number },
): string {
  const chart = init(null, null, {
    ...{ renderer: "svg", ssr: true, width },
    height: head + foot + row * bars.length,
  });
  const options: Options = {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: text,
    title: {
      ...{ text: title, subtext: subtitle, left: 16, top: 8 },
      textStyle: { ...text, fontSize: 16, fontWeight: "bold" },
      subtextStyle: text,
    },
    grid: { left: 230, right: 170, top: head, bottom: foot },
    xAxis: {
      ...{ type: "value", min: 0, name: of, nameLocation: "middle", nameGap: 26 },
      nameTextStyle: text,
      axisLabel: text,
      splitLine: { lineStyle: { color: "#e4e4e4" } },
    },
    yAxis: {
      ...{ type: "category", inverse: true, data: bars.map(({ name }) => name) },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink } },
      axisLabel: { ...text, interval: 0 },
    },
    series: {
      type: "bar",
      barWidth: 16,
      color: "#0072b2",
      data: bars.map(({ value, label }) => ({
        value,
        label: { ...text, show: true, position: "right" as const, formatter: () => label },
      })),
      markLine: {
        ...{ silent: true, symbol: "none", data: [{ xAxis: even }] },
        lineStyle: { color: ink, type: "dashed" },
        label: { show: false },
      },
    },
  };
  try {
    chart.setOption(options);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
