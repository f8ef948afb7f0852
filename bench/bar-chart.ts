/** Horizontal bars as a picture, drawn by ECharts on the server: no browser, and no script in it. */
import { BarChart, type BarSeriesOption } from "echarts/charts";
import {
  GridComponent,
  type GridComponentOption,
  TitleComponent,
  type TitleComponentOption,
} from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

type Options = ComposeOption<BarSeriesOption | GridComponentOption | TitleComponentOption>;

use([BarChart, GridComponent, TitleComponent, SVGRenderer]);

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Stands behind the bar. */
  readonly label: string;
}

const ink = "#444444";
const text = { color: ink, fontFamily: "system-ui, sans-serif", fontSize: 13 };
const width = 800;
const row = 26;
const [head, foot] = [70, 46];

/**
 * From the top in their order; by a logarithmic scale, since ratios lie far apart.
 *
 * @param of what the values are, below them
 * @param even where the bars begin: to the right those above it, to the left those below
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
  const values = [even, ...bars.map(({ value }) => value)];
  const least = 2 ** Math.floor(Math.log2(Math.min(...values)));
  const most = 2 ** Math.ceil(Math.log2(Math.max(2 * even, ...values)));
  const options: Options = {
    animation: false,
    backgroundColor: "#ffffff",
    textStyle: text,
    title: {
      ...{ text: title, subtext: subtitle, left: 16, top: 8 },
      textStyle: { ...text, fontSize: 16, fontWeight: "bold" },
      subtextStyle: text,
    },
    grid: { left: 270, right: 180, top: head, bottom: foot },
    xAxis: {
      ...{ type: "log", logBase: 2, startValue: even, min: least, max: most },
      ...{ name: of, nameLocation: "middle", nameGap: 26 },
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
    },
  };
  try {
    chart.setOption(options);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
